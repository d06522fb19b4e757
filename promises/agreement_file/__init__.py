"""An agreement with everything under it as a TOML file.

`contents` is the format: what a file may say, as frozen dataclasses.
`reading` turns the bytes of a file into contents, or into a list of its faults.
`loading` brings the contents into the database.
`writing` turns what the database holds into a file again.

`promises/agreements/dorotea-2023-2026.toml` is the example to copy for another agreement.
"""

from pathlib import Path

DOROTEA = Path(__file__).parents[1] / "agreements" / "dorotea-2023-2026.toml"
