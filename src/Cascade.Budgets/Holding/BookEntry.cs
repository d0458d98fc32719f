namespace Cascade.Budgets;

/// <summary>An operation that has not ended: reserved, started or unconfirmed.</summary>
internal struct BookEntry
{
    public Money Amount;
    public Money Lower;
    public long Deadline;
    public bool Started;
    public bool Unconfirmed;
}
