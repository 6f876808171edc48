package dev.selvage.base;

/// The memory budget does not suffice for the data of a call ([CallMemory]). It has no stack trace, because it
/// is a refusal and not a fault.
public final class MemoryBudgetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean exceedsBudget;

    /// Creates the exception.
    ///
    /// @param exceedsBudget whether the data exceeds the whole budget; otherwise no memory became free in time
    MemoryBudgetException(boolean exceedsBudget) {
        super(
                exceedsBudget ? "The data exceeds the memory budget" : "No memory became free in time",
                null,
                false,
                false);
        this.exceedsBudget = exceedsBudget;
    }

    /// Whether the data exceeds the whole budget, so that a retry is useless.
    public boolean exceedsBudget() {
        return exceedsBudget;
    }
}
