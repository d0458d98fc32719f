using System.Text;

namespace Cascade.Datasets.Sources;

/// <summary>Takes lines until they make a record of RFC 4180. Quotes are removed as it goes; cells are decoded when they are looked at.</summary>
internal sealed class CsvRecord(byte separator, int mostBytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[1024];
    private int _length;
    private State _state;

    private enum State
    {
        CellBegins,
        Plain,
        Quoted,
        QuoteSeen,
    }

    /// <summary>The number of cells.</summary>
    public int Count => _ends.Count;

    /// <summary>What is wrong with a line that was refused.</summary>
    public string Problem { get; private set; } = "";

    public void Clear()
    {
        _ends.Clear();
        (_length, _state) = (0, State.CellBegins);
    }

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line with its line break.</param>
    /// <returns>Whether the record is complete; null when the line is not CSV, or the record too long.</returns>
    public bool? Take(ReadOnlySpan<byte> line)
    {
        if (_length + line.Length > mostBytes)
        {
            return Refuse($"the record is longer than {mostBytes} bytes; close its quote, shorten it or raise {nameof(ReadOptions.MaxRecordBytes)}");
        }

        if (_bytes.Length < _length + line.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + line.Length));
        }

        var body = line.Length > 0 && line[^1] == '\n' ? line[..^1] : line;
        body = body.Length > 0 && body[^1] == '\r' ? body[..^1] : body;
        foreach (var b in body)
        {
            if (!Take(b))
            {
                return null;
            }
        }

        if (_state == State.Quoted)
        {
            line[body.Length..].CopyTo(_bytes.AsSpan(_length));
            _length += line.Length - body.Length;
            return false;
        }

        EndCell();
        return true;
    }

    public Cell this[int cell]
    {
        get
        {
            var from = cell == 0 ? 0 : _ends[cell - 1];
            try
            {
                return Cell.Of(Strict.GetString(_bytes, from, _ends[cell] - from));
            }
            catch (DecoderFallbackException)
            {
                return Cell.Unreadable("is not UTF-8; save the file as UTF-8");
            }
        }
    }

    private bool Take(byte b)
    {
        switch (_state)
        {
            case State.Quoted when b != '"':
                break;
            case State.Quoted:
                _state = State.QuoteSeen;
                return true;
            case State.QuoteSeen when b == '"':
                _state = State.Quoted;
                break;
            case State.CellBegins when b == '"':
                _state = State.Quoted;
                return true;
            case var _ when b == separator:
                EndCell();
                return true;
            case State.QuoteSeen:
                return Refuse($"cell {_ends.Count + 1} goes on after its closing quote; double quotes that belong to the text") is not null;
            case var _ when b == '"':
                return Refuse($"cell {_ends.Count + 1} has a quote but does not begin with one; put the cell in quotes and double those inside") is not null;
            default:
                _state = State.Plain;
                break;
        }

        _bytes[_length++] = b;
        return true;
    }

    private void EndCell()
    {
        _ends.Add(_length);
        _state = State.CellBegins;
    }

    private bool? Refuse(string problem)
    {
        Problem = problem;
        return null;
    }
}
