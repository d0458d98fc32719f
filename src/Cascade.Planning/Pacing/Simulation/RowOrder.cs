namespace Cascade.Planning.Pacing.Simulation;

/// <summary>Rows in random order, again and again in another one.</summary>
internal sealed class RowOrder
{
    private readonly int[] _rows;
    private SeededRandom _random;
    private int _next;

    public RowOrder(int rows, ulong seed)
    {
        _rows = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            _rows[i] = i;
        }

        _random = new SeededRandom(seed);
        _next = rows;
    }

    public int Next()
    {
        if (_next == _rows.Length)
        {
            _random.Shuffle(_rows);
            _next = 0;
        }

        return _rows[_next++];
    }
}
