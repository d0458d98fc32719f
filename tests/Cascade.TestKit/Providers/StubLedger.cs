using System.Text;
using System.Text.Json;

namespace Cascade.TestKit.Providers;

/// <summary>What the stub billed. With a file, every line is on disk before the answer starts, so it survives the end of the process.</summary>
internal sealed class StubLedger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<StubBill> _bills = [];
    private readonly FileStream? _file;

    public StubLedger(string? path) =>
        _file = path is null ? null : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    public IReadOnlyList<StubBill> Bills
    {
        get
        {
            lock (_lock)
                return [.. _bills];
        }
    }

    public static IReadOnlyList<StubBill> Read(string path) =>
        [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<StubBill>(line)!)];

    public void Add(StubBill bill)
    {
        lock (_lock)
        {
            _bills.Add(bill);
            _file?.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(bill) + "\n"));
            _file?.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file?.Dispose();
}
