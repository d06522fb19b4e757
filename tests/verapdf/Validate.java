import java.io.File;
import java.util.Arrays;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints each rule of the profiles (first argument, "3a,ua1") that a file breaks; then "done". */
public class Validate {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
      for (String profile : arguments[0].split(",")) {
        validate(new File(file), PDFAFlavour.fromString(profile));
      }
    }
    System.out.println("done");
  }

  private static void validate(File file, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour)) {
      ValidationResult result =
          Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
      if (result.getTotalAssertions() == 0) {
        System.out.printf("%s %s: nothing was checked%n", file.getName(), flavour.getId());
      }
      result
          .getFailedChecks()
          .forEach(
              (rule, times) ->
                  System.out.printf(
                      "%s %s %s-%s (%s times): %s%n",
                      file.getName(),
                      flavour.getId(),
                      rule.getClause(),
                      rule.getTestNumber(),
                      times,
                      result.getValidationProfile().getRuleByRuleId(rule).getDescription()));
    }
  }
}
