package dev.selvage.pages;

import dev.selvage.error.ErrorType;
import dev.selvage.http.RawRoute;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Surface;
import dev.selvage.links.Link;
import dev.selvage.links.Links;
import dev.selvage.projects.Projects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// The pages to which links in emails point. They redirect the browser to the application. The target comes
/// from the row of the link and never from the request, so the pages cannot redirect elsewhere.
public final class LinkPages {

    private static final Map<String, String> HEADERS = Map.of(
            "Referrer-Policy", "no-referrer",
            "X-Robots-Tag", "noindex",
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'");

    private final Links links;
    private final Projects projects;

    public LinkPages(Links links, Projects projects) {
        this.links = links;
        this.projects = projects;
    }

    /// Returns the routes of the pages.
    public List<RawRoute> pages(Surface anyone) {
        return List.of(
                RawRoute.page(anyone, Link.MAGIC_LINK_PAGE, this::open, LinkPages::refusal),
                RawRoute.page(anyone, Link.PASSWORD_PAGE, this::open, LinkPages::refusal));
    }

    private Response open(Request request) {
        String token = request.queryValue("token").orElse("");
        Links.Opened opened = request.queryValue("public_token")
                .flatMap(projects::findByPublicToken)
                .map(project -> links.open(project, token))
                .orElseGet(Links.Opened.Unknown::new);
        return switch (opened) {
            case Links.Opened.Usable(String location) -> Response.redirect(location);
            case Links.Opened.Expired() ->
                page(
                        410,
                        "This link has expired",
                        "It was used already, or too much time has passed. Go back to where you asked for it and ask for a new one.");
            case Links.Opened.Unknown() -> broken(404);
        };
    }

    private static Response refusal(ErrorType type) {
        return type.status() < 500
                ? broken(type.status())
                : page(
                        type.status(),
                        "This did not work",
                        "The link may still be good. Wait a moment, and open it again.");
    }

    private static Response broken(int status) {
        return page(
                status,
                "This link does not work",
                "Perhaps a part of it got lost on the way. Open it from the message again, or ask for a new one.");
    }

    private static Response page(int status, String heading, String text) {
        String html = """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <style>
                :root { color-scheme: light dark; }
                body { margin: 0; min-height: 100vh; display: grid; place-items: center;
                       font: 17px/1.5 system-ui, sans-serif; }
                main { max-width: 26rem; padding: 2rem; }
                h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
                p { margin: 0; opacity: .8; }
                </style>
                </head>
                <body><main><h1>%1$s</h1><p>%2$s</p></main></body>
                </html>
                """.formatted(heading, text);
        return new Response(status, Response.HTML, html.getBytes(StandardCharsets.UTF_8), HEADERS);
    }
}
