package dev.alertuser.infra;

import static java.util.stream.Collectors.toMap;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A GitHub workflow. These files are laid out alike, so their text is enough to take them apart. */
record Workflow(Path file, String text) {
    private static final Path DIRECTORY = Path.of(".github/workflows");
    private static final Pattern JOB = Pattern.compile("(?ms)^  ([\\w-]+):\n(.*?)(?=^  [\\w#]|\\z)");

    /** A part of a workflow with rights and an environment of its own. */
    record Job(String name, String text) {
        boolean mayAskForAToken() {
            return text.contains("id-token: write");
        }

        /** Where in the job a text begins; -1 if it does not. */
        int at(String part) {
            return text.indexOf(part);
        }
    }

    static Workflow named(String name) {
        return read(DIRECTORY.resolve(name + ".yml"));
    }

    static List<Workflow> all() {
        return Repository.files(DIRECTORY, ".yml").stream().map(Workflow::read).toList();
    }

    private static Workflow read(Path file) {
        return new Workflow(file, Repository.text(file));
    }

    Job job(String name) {
        return jobs().get(name);
    }

    Map<String, Job> jobs() {
        return JOB.matcher(text.substring(text.indexOf("\njobs:\n") + "\njobs:\n".length()))
                .results()
                .map(job -> new Job(job.group(1), job.group(2)))
                .collect(toMap(Job::name, job -> job));
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
