package dev.selvage.projects;

/// Something that is wrong in settings that a person wrote.
///
/// @param path    where, for example `redirect_urls[0].url`
/// @param problem what, so that it can follow the path in a sentence: `must be an absolute URL`
public record Problem(String path, String problem) {

    /// Whether it lies at `other` or inside of it.
    public boolean within(String other) {
        return path.equals(other) || path.startsWith(other + ".") || path.startsWith(other + "[");
    }

    @Override
    public String toString() {
        return path + " " + problem;
    }
}
