namespace Cascade.Budgets;

/// <summary>A wish to change a ledger.</summary>
public abstract record LedgerCommand
{
    private protected LedgerCommand()
    {
    }

    /// <summary>
    /// Names the command, 1 to <see cref="LedgerLimits.MaxIdLength"/> characters. The same id with the same content is answered with the
    /// first outcome and has no second effect; with other content it is <see cref="LedgerStatus.OperationMismatch"/>.
    /// </summary>
    public required string OperationId { get; init; }

    internal abstract void Describe(Fingerprint fingerprint);
}
