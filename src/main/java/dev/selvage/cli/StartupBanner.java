package dev.selvage.cli;

import dev.selvage.App;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.projects.Project;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// The text that a started server prints: its address, its projects and example calls. It contains no secret;
/// the example commands read the secrets from `credentials.json`.
///
/// @param authority the certificate that clients must trust; present if the server's own authority signs
record StartupBanner(App app, Optional<Path> authority, Cli.Terminal terminal) {

    private static final int PROJECTS_SHOWN_MAX = 10;

    /// Prints the text, or one log line if the log format is JSON.
    void print(LogFormat format) {
        if (format == LogFormat.JSON) {
            LoggerFactory.getLogger("selvage.server")
                    .atInfo()
                    .addKeyValue("base_url", app.baseUrl())
                    .addKeyValue("version", VersionCommand.version())
                    .addKeyValue("data", app.directory().path())
                    .addKeyValue("projects", app.projects().all().size())
                    .log("listening");
            return;
        }
        PrintWriter out = terminal.out();
        out.println("Selvage " + VersionCommand.version() + " listens at " + app.baseUrl());
        out.println();
        projects(out);
        out.println();
        out.println("Credentials  " + app.directory().credentialsFile());
        authority.ifPresent(certificate -> trust(out, certificate));
        List<ProjectCredentials> callable = callable();
        callable.stream()
                .filter(project -> project.vertical().equals("consumer"))
                .findFirst()
                .ifPresent(project -> firstCall(out, project));
        callable.stream().findFirst().ifPresent(project -> inbox(out, project));
        out.println();
        out.println("Stop with Ctrl-C.");
        out.flush();
    }

    private void projects(PrintWriter out) {
        List<Project> projects = app.projects().all();
        Table table = new Table("PROJECT ID", "NAME", "VERTICAL", "ENVIRONMENT");
        projects.stream()
                .limit(PROJECTS_SHOWN_MAX)
                .forEach(project -> table.row(
                        project.id(),
                        project.name(),
                        project.vertical().wireValue(),
                        project.environment().wireValue()));
        table.print(out);
        if (projects.size() > PROJECTS_SHOWN_MAX) {
            out.println("and " + (projects.size() - PROJECTS_SHOWN_MAX) + " more: selvage project list");
        }
    }

    private static void trust(PrintWriter out, Path certificate) {
        out.println();
        out.println(
                "Trust        " + certificate + " is the authority that signed the certificate. Clients trust it so:");
        out.println("  Node       export NODE_EXTRA_CA_CERTS=" + Shell.quoted(certificate.toString()));
        out.println("  Python     export REQUESTS_CA_BUNDLE=" + Shell.quoted(certificate.toString()) + " SSL_CERT_FILE="
                + Shell.quoted(certificate.toString()));
        out.println("  Go, Ruby   export SSL_CERT_FILE=" + Shell.quoted(certificate.toString()));
        out.println(
                "  Java       keytool -importcert -noprompt -alias selvage -storepass changeit -keystore selvage.p12 -file "
                        + Shell.quoted(certificate.toString()));
        out.println(
                "             java -Djavax.net.ssl.trustStore=selvage.p12 -Djavax.net.ssl.trustStorePassword=changeit …");
        out.println("  curl       curl --cacert " + Shell.quoted(certificate.toString()) + " …");
    }

    private void firstCall(PrintWriter out, ProjectCredentials project) {
        out.println();
        out.println("First call: create a user in " + project.name());
        String id = project.projectId();
        out.println("  curl " + trusted() + "-u \""
                + read(
                        ".projects[] | select(.project_id == \"" + id + "\") | .project_id + \":\" + .secret",
                        "p = c.projects.find(p => p.project_id == \"" + id + "\"); p.project_id + \":\" + p.secret",
                        "p = next(p for p in c[\"projects\"] if p[\"project_id\"] == \"" + id + "\"); "
                                + "print(p[\"project_id\"] + \":\" + p[\"secret\"])")
                + "\" \\");
        out.println("    -H 'Content-Type: application/json' -d '{\"email\": \"ada@example.com\"}' " + app.baseUrl()
                + "/v1/users");
    }

    private void inbox(PrintWriter out, ProjectCredentials project) {
        out.println();
        out.println("Inbox: messages that " + project.name() + " sent (also: selvage messages --data "
                + Shell.quoted(app.directory().path().toString()) + " --project " + project.projectId() + ")");
        out.println("  curl " + trusted() + "-H \"Authorization: Bearer "
                + read(".admin_token", "c.admin_token", "print(c[\"admin_token\"])") + "\" \\");
        out.println("    '" + app.baseUrl() + "/_selvage/v1/messages?project_id=" + project.projectId() + "'");
    }

    private String trusted() {
        return authority
                .map(certificate -> "--cacert " + Shell.quoted(certificate.toString()) + " ")
                .orElse("");
    }

    /// A command substitution that reads the credentials with a program of this machine: jq, Node or Python.
    private String read(String jq, String node, String python) {
        String file = Shell.quoted(app.directory().credentialsFile().toString());
        if (!installed("jq") && installed("node")) {
            return "$(node -p 'c = JSON.parse(fs.readFileSync(process.argv[1])); " + node + "' " + file + ")";
        }
        if (!installed("jq") && installed("python3")) {
            return "$(python3 -c 'import json, sys; c = json.load(open(sys.argv[1])); " + python + "' " + file + ")";
        }
        return "$(jq -r '" + jq + "' " + file + ")";
    }

    private boolean installed(String program) {
        return Arrays.stream(terminal.environment().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// The test projects of the store whose secret in `credentials.json` is valid.
    private List<ProjectCredentials> callable() {
        return app.directory().credentials().orElseThrow().projects().stream()
                .filter(project -> project.environment().equals("test"))
                .filter(project -> app.projects()
                        .authenticate(project.projectId(), project.secret())
                        .isPresent())
                .toList();
    }
}
