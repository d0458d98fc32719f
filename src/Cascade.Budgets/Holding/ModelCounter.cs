namespace Cascade.Budgets;

/// <summary>What a lease book settled at one endpoint.</summary>
internal struct ModelCounter
{
    public Money Settled;
    public long Attempts;
    public TokenCounts Tokens;
}
