package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.VARIANTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log alert rules as they would be deployed. */
class AlertRulesIT {
    private List<JsonNode> rules;

    @BeforeEach
    void predict() throws Exception {
        rules = Deployment.predict(BicepCli.find(), VARIANTS.resolve("public-network.bicepparam"))
                .resources("Microsoft.Insights/scheduledQueryRules");
    }

    /** Logs tell of two days at most, and a message of the poison queue stays for seven. */
    @Test
    void theRuleOfThePoisonQueueStaysUntilSomebodyClosesIt() {
        assertThat(rules)
                .filteredOn(rule -> !rule.at("/properties/autoMitigate").booleanValue())
                .extracting(rule -> rule.at("/properties/displayName").textValue() + " "
                        + rule.at("/properties/windowSize").textValue() + " "
                        + rule.at("/properties/muteActionsDuration").textValue())
                .contains("The poison queue got a message P2D P1D");
    }

    @Test
    void aRuleThatResolvesItselfIsNotMuted() {
        assertThat(rules)
                .filteredOn(rule -> rule.at("/properties/autoMitigate").booleanValue())
                .hasSizeGreaterThan(3)
                .noneMatch(rule -> rule.get("properties").hasNonNull("muteActionsDuration"));
    }
}
