namespace Cascade.Budgets;

/// <summary>How the latest operations ended. When it is full the oldest is forgotten; it allocates nothing once it has been full.</summary>
internal sealed class FinishedOperations(int limit)
{
    private readonly Dictionary<string, (BookStatus Outcome, Money Cost)> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public bool TryGet(string operationId, out (BookStatus Outcome, Money Cost) ended) => _byId.TryGetValue(operationId, out ended);

    public void Add(string operationId, BookStatus outcome, Money cost)
    {
        if (_order.Count == limit)
        {
            _byId.Remove(_order.Dequeue());
        }

        _byId.Add(operationId, (outcome, cost));
        _order.Enqueue(operationId);
    }
}
