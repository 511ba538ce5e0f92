package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** infra/grant.sh against a fake Microsoft Graph. */
class GrantScriptIT {
    @TempDir
    private Path programs;

    private GraphScript script;
    private GraphFake graph;

    @BeforeEach
    void startGraph() throws Exception {
        script = GraphScript.with(INFRA.resolve("grant.sh"), programs);
        graph = new GraphFake();
    }

    @AfterEach
    void stopGraph() {
        if (graph != null) {
            graph.close();
        }
    }

    @Test
    void firstRunGrantsTheRoleOfWindowsDefenderAtp() throws Exception {
        Command.Outcome outcome = grant(GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(graph.assignments())
                .containsExactly("{\"resourceId\":\"" + GraphFake.DEFENDER + "\",\"appRoleId\":\""
                        + GraphFake.USER_READ_ALL + "\"}");
        assertThat(outcome.out())
                .contains("Granted: id-alert-user now has User.Read.All of WindowsDefenderATP.")
                .contains("24 hours");
    }

    @Test
    void secondRunChangesNothing() throws Exception {
        grant(GraphFake.IDENTITY);
        Command.Outcome second = grant(GraphFake.IDENTITY);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).contains("Nothing to do");
        assertThat(graph.requests().stream().filter(request -> request.startsWith("POST")))
                .hasSize(1);
        assertThat(graph.assignments()).hasSize(1);
    }

    @Test
    void checkIsContentWhenTheRoleIsOnALaterPage() throws Exception {
        graph.assign("99999999-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001");
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);

        assertThat(grant("--check", GraphFake.IDENTITY).exitCode()).isZero();
    }

    @Test
    void checkTellsAMissingRole() throws Exception {
        Command.Outcome outcome = grant("--check", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).contains("id-alert-user has no User.Read.All of WindowsDefenderATP");
        assertThat(graph.assignments()).isEmpty();
    }

    @Test
    void checkIsNotTakenInByTheNamesakeOfMicrosoftGraph() throws Exception {
        graph.assign("99999999-0000-0000-0000-000000000000", GraphFake.USER_READ_ALL_OF_GRAPH);

        Command.Outcome outcome = grant("--check", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.out()).contains("of Microsoft Graph. That is another role");
    }

    @Test
    void checkTellsATenantWithoutDefender() throws Exception {
        graph.withoutDefender();

        Command.Outcome outcome = grant("--check", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("no service principal WindowsDefenderATP");
    }

    @Test
    void tellsAnUnknownIdentity() throws Exception {
        Command.Outcome outcome = grant("eeeeeeee-0000-0000-0000-000000000000");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("Is it the client id instead?");
    }

    @Test
    void dryRunPrintsTheCallAndMakesNone() throws Exception {
        Command.Outcome outcome = grant("--dry-run", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .isEqualTo("POST " + graph.endpoint() + "/v1.0/servicePrincipals/" + GraphFake.IDENTITY
                        + "/appRoleAssignments\n{\"principalId\":\"" + GraphFake.IDENTITY + "\",\"resourceId\":\""
                        + GraphFake.DEFENDER + "\",\"appRoleId\":\"" + GraphFake.USER_READ_ALL + "\"}\n");
        assertThat(graph.requests()).allMatch(request -> request.startsWith("GET"));
        assertThat(graph.assignments()).isEmpty();
    }

    @Test
    void aGrantThatExistsAlreadyIsASuccess() throws Exception {
        graph.grantedBySomebodyElseMeanwhile();

        Command.Outcome outcome = grant(GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("Nothing to do");
    }

    @Test
    void tellsWhichRightIsMissingToGrant() throws Exception {
        graph.callerMayNotGrant();

        Command.Outcome outcome = grant(GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err())
                .contains("you may not grant: it takes Cloud Application Administrator, Application Administrator, "
                        + "Privileged Role Administrator or Global Administrator.");
    }

    @Test
    void revokesTheRoleOfWindowsDefenderAtpAlone() throws Exception {
        graph.assign("99999999-0000-0000-0000-000000000000", GraphFake.USER_READ_ALL_OF_GRAPH);
        graph.assign(GraphFake.DEFENDER, "00000000-0000-0000-0000-00000000000a");
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);

        Command.Outcome outcome = grant("--revoke", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("Revoked: id-alert-user no longer has User.Read.All of WindowsDefenderATP.")
                .contains("24 hours");
        assertThat(graph.assignments()).hasSize(2).noneMatch(role -> role.contains(GraphFake.USER_READ_ALL + "\""));
    }

    @Test
    void secondRevocationChangesNothing() throws Exception {
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);
        grant("--revoke", GraphFake.IDENTITY);

        Command.Outcome second = grant("--revoke", GraphFake.IDENTITY);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).contains("Nothing to do: id-alert-user has no User.Read.All of WindowsDefenderATP.");
        assertThat(graph.requests().stream().filter(request -> request.startsWith("DELETE")))
                .hasSize(1);
    }

    @Test
    void aRevocationThatHappenedAlreadyIsASuccess() throws Exception {
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);
        graph.revokedBySomebodyElseMeanwhile();

        Command.Outcome outcome = grant("--revoke", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("Nothing to do");
    }

    @Test
    void tellsWhichRightIsMissingToRevoke() throws Exception {
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);
        graph.callerMayNotGrant();

        Command.Outcome outcome = grant("--revoke", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err()).contains("you may not revoke: it takes Cloud Application Administrator");
    }

    /** The token of the administrator goes wherever the next request goes. */
    @Test
    void followsNoLinkToAnotherEndpoint() throws Exception {
        graph.assign("99999999-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001");
        graph.assign(GraphFake.DEFENDER, GraphFake.USER_READ_ALL);
        try (GraphFake other = new GraphFake()) {
            graph.nextPagesAt(other.endpoint());

            Command.Outcome outcome = grant("--check", GraphFake.IDENTITY);

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("the next page must be at " + graph.endpoint() + "/ but was at " + other.endpoint());
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void refusesTwoThingsAtOnce() throws Exception {
        Command.Outcome outcome = grant("--revoke", "--check", GraphFake.IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("one of --revoke and --check expected but found both");
        assertThat(graph.requests()).isEmpty();
    }

    @Test
    void refusesWhatIsNoObjectId() throws Exception {
        Command.Outcome outcome = grant("id-alert-user");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("PRINCIPAL_ID must be a GUID but was 'id-alert-user'");
        assertThat(graph.requests()).isEmpty();
    }

    private Command.Outcome grant(String... arguments) throws Exception {
        return script.run(graph, arguments);
    }
}
