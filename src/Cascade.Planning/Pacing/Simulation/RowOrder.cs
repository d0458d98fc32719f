namespace Cascade.Planning.Pacing.Simulation;

/// <summary>Rows in random order, again and again in another one.</summary>
internal sealed class RowOrder
{
    private readonly int[] _rows;
    private readonly SplitMix64 _random;
    private int _next;

    public RowOrder(int rows, ulong seed)
    {
        _rows = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            _rows[i] = i;
        }

        _random = new SplitMix64(seed);
        _next = rows;
    }

    public int Next()
    {
        if (_next == _rows.Length)
        {
            Shuffle();
            _next = 0;
        }

        return _rows[_next++];
    }

    private void Shuffle()
    {
        for (var i = _rows.Length - 1; i > 0; i--)
        {
            var j = _random.Below(i + 1);
            (_rows[i], _rows[j]) = (_rows[j], _rows[i]);
        }
    }
}
