namespace Cascade.Budgets;

/// <summary>
/// The news in a holder's totals: how much money, of which the endpoints only say where it went. Whatever is taken from it, in any order,
/// adds up to the money.
/// </summary>
internal sealed class ReportedSpend
{
    private readonly List<ModelUsage> _models = [];

    public ReportedSpend(Lease lease, LeaseTotals totals)
    {
        Left = Money.Max(Money.Zero, totals.Settled - lease.Settled);
        foreach (var told in totals.ByModel)
        {
            var known = ModelUsages.Find(lease.ByModel, told.Endpoint);
            var news = told with
            {
                Settled = Money.Max(Money.Zero, told.Settled - (known?.Settled ?? Money.Zero)),
                Attempts = Math.Max(0, told.Attempts - (known?.Attempts ?? 0)),
                Tokens = told.Tokens.Since(known?.Tokens ?? default),
            };
            if (news.Settled > Money.Zero || news.Attempts > 0 || !news.Tokens.IsZero)
            {
                _models.Add(news);
            }
        }
    }

    /// <summary>The money that nothing has been taken for yet.</summary>
    public Money Left { get; private set; }

    /// <summary>Takes out the cost of one attempt; its tokens stay, because the totals do not say which they are.</summary>
    /// <returns>The cost, or what is left if that is less.</returns>
    public Money TakeAttempt(string endpoint, Money cost)
    {
        var share = Money.Min(cost, Left);
        Left -= share;
        var index = _models.FindIndex(m => m.Endpoint == endpoint);
        if (index >= 0)
        {
            var model = _models[index];
            _models[index] = model with
            {
                Settled = Money.Max(Money.Zero, model.Settled - share),
                Attempts = Math.Max(0, model.Attempts - 1),
            };
        }

        return share;
    }

    /// <summary>Takes out the rest, endpoint by endpoint; what none of them accounts for comes last, with no name.</summary>
    public IEnumerable<ModelUsage> TakeRest()
    {
        foreach (var model in _models)
        {
            var share = Money.Min(model.Settled, Left);
            Left -= share;
            if (share > Money.Zero || model.Attempts > 0 || !model.Tokens.IsZero)
            {
                yield return model with { Settled = share };
            }
        }

        if (Left > Money.Zero)
        {
            yield return new ModelUsage { Endpoint = "", Settled = Left };
            Left = Money.Zero;
        }
    }
}
