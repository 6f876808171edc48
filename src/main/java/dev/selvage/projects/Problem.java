package dev.selvage.projects;

/// A fault in a settings file.
///
/// @param path    the field, for example `redirect_urls[0].url`
/// @param problem the fault, as the end of a sentence that starts with the path: `must be an absolute URL`
public record Problem(String path, String problem) {

    /// Whether the path is `other` or inside of it.
    public boolean within(String other) {
        return path.equals(other) || path.startsWith(other + ".") || path.startsWith(other + "[");
    }

    @Override
    public String toString() {
        return path + " " + problem;
    }
}
