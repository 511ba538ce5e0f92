package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A script of infra/ that calls Microsoft Graph, run with a fake Azure CLI in {@code programs}. */
record GraphScript(Path script, Path programs) {
    static final String TENANT = "7e7e7e7e-0000-0000-0000-000000000000";

    /** The part of the Azure CLI that the scripts use: what it prints, and that an error goes to stderr with exit code 1. */
    private static final String AZ = """
            #!/usr/bin/env bash
            set -euo pipefail
            case "$*" in
              'cloud show --query endpoints.microsoftGraphResourceId --output tsv') echo "$FAKE_GRAPH/" && exit ;;
              'cloud show --query endpoints.activeDirectory --output tsv') echo "$FAKE_AUTHORITY" && exit ;;
              'account show --query tenantId --output tsv') echo "$FAKE_TENANT" && exit ;;
            esac
            [[ $1 == rest ]] || { echo "az: unexpected: $*" >&2; exit 2; }
            shift
            while (($#)); do
              case $1 in
                --method) method=$2 ;;
                --url) url=$2 ;;
                --body) body=$2 ;;
                --resource) [[ $2 == "$FAKE_GRAPH" ]] || { echo "az: resource $2" >&2; exit 2; } ;;
                --headers | --output) ;;
                *) echo "az: unexpected: $1" >&2; exit 2 ;;
              esac
              shift 2
            done
            # The status comes last.
            answer=$(curl --silent --noproxy '*' --globoff --write-out '%{http_code}' \\
              --request "$method" ${body:+--data "$body"} "$url")
            status=${answer: -3}
            answer=${answer%???}
            [[ $status == 2* ]] || { echo "ERROR: $status($answer)" >&2; exit 1; }
            printf '%s\n' "$answer"
            """;

    static GraphScript with(Path script, Path programs) throws IOException {
        for (String program : List.of("bash", "curl", "jq")) {
            assumeLoudly(Command.onPath(program).isPresent(), script + ", for want of " + program);
        }
        Path az = Files.writeString(programs.resolve("az"), AZ);
        assertThat(az.toFile().setExecutable(true)).isTrue();
        return new GraphScript(script, programs);
    }

    Command.Outcome run(GraphFake graph, String... arguments) throws Exception {
        return run(graph, "https://login.microsoftonline.com", arguments);
    }

    /** In the cloud with this address of Entra. */
    Command.Outcome run(GraphFake graph, String authority, String[] arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", programs + File.pathSeparator + System.getenv("PATH"));
        environment.put("FAKE_GRAPH", graph.endpoint());
        environment.put("FAKE_AUTHORITY", authority);
        environment.put("FAKE_TENANT", TENANT);
        return Command.run(command, environment);
    }
}
