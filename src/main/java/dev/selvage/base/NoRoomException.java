package dev.selvage.base;

/// There is no room in memory for what a call reads or answers ([CallMemory]). Without a stack trace: it is an
/// answer and no fault.
public final class NoRoomException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean ever;

    /// @param ever whether there is never room for so much; else there was none in time
    NoRoomException(boolean ever) {
        super(ever ? "More than the memory for answers" : "No memory for the answer in time", null, false, false);
        this.ever = ever;
    }

    /// Whether there is never room for so much: to ask again does not help.
    public boolean ever() {
        return ever;
    }
}
