package dev.selvage.base;

/// The memory budget does not suffice for the data of a call ([CallMemory]). It has no stack trace, because it
/// is a refusal and not a fault.
public final class NoRoomException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean ever;

    /// Creates the exception.
    ///
    /// @param ever whether the data exceeds the whole budget; otherwise no memory became free in time
    NoRoomException(boolean ever) {
        super(ever ? "More than the memory for answers" : "No memory for the answer in time", null, false, false);
        this.ever = ever;
    }

    /// Whether the data exceeds the whole budget, so that a retry is useless.
    public boolean ever() {
        return ever;
    }
}
