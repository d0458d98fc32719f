namespace Cascade.Budgets;

/// <summary>An operation: under way, or one of the latest that ended.</summary>
internal struct BookEntry
{
    /// <summary>What is reserved or held; the cost once settled, nothing once voided.</summary>
    public Money Amount;
    public Money Lower;
    public long Deadline;
    public string Endpoint;
    public BookStage Stage;

    public readonly bool IsReservation => Stage is BookStage.Reserved or BookStage.Started;

    public readonly bool IsEnded => Stage is BookStage.Settled or BookStage.Voided;
}

internal enum BookStage : byte
{
    None = 0,
    Reserved = 1,
    Started = 2,
    Unconfirmed = 3,
    Settled = 4,
    Voided = 5,
}
