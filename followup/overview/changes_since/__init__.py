"""What has changed since a day: what others have done first, each line leading to what is behind it.

`since` says which days to look back to and `change` what is told of a kind of change. `log`,
`plan`, `meetings`, `review` and `situation` describe the kinds themselves; `lines` reads them all
in one query and puts them in order.
"""
