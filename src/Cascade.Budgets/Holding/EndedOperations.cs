namespace Cascade.Budgets;

/// <summary>The order in which the latest operations ended. It grows to its limit and allocates nothing from then on.</summary>
internal sealed class EndedOperations(int limit)
{
    private const int FirstSize = 16;

    private string[] _ring = new string[Math.Min(limit, FirstSize)];
    private int _count;
    private int _oldest;

    /// <summary>Adds an operation.</summary>
    /// <returns>The oldest one, which is no longer remembered; null while there is room.</returns>
    public string? Add(string operationId)
    {
        if (_count == _ring.Length && _count < limit)
        {
            Grow();
        }

        if (_count < _ring.Length)
        {
            _ring[_count++] = operationId;
            return null;
        }

        var forgotten = _ring[_oldest];
        _ring[_oldest] = operationId;
        _oldest = _oldest + 1 == _ring.Length ? 0 : _oldest + 1;
        return forgotten;
    }

    private void Grow() => Array.Resize(ref _ring, (int)Math.Min(limit, _ring.Length * 2L));
}
