using System.Text;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Storage;
using Cascade.Tests.Configuration;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class EndpointRecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);
    private static readonly EndpointUsage Usage = new() { Calls = 7, Failures = 1, Tokens = new TokenUsage { InputTokens = 70, OutputTokens = 30 }, CostNanos = 9 };

    private readonly StateSerializer _serializer = new();

    private static EndpointRecord Record => new()
    {
        Slices = System.Collections.Immutable.ImmutableSortedDictionary<string, SliceRecord>.Empty.SetItem("127.0.0.1:11111@1/0", new SliceRecord
        {
            Granted = 3,
            Wanted = 4,
            ExpiresAt = Now,
            Usage = Usage,
            Sequence = 5,
            Grants = [new GrantRecord { Id = 12, Requests = 2, Tokens = 200, EndsAt = Now }],
        }),
        PastUsage = Usage,
        LastGrant = 12,
        Started = [new RateBucket { EndsAt = Now, Requests = 6, Tokens = 600 }],
    };

    [Fact]
    public void Serialize_CurrentVersion_IsTheGoldenFile() =>
        Assert.Equal(Golden("endpoint-v2.json"), Encoding.UTF8.GetString(_serializer.Serialize(Record).ToArray()));

    [Fact]
    public void Deserialize_CurrentVersion_CountsWhatWasGranted()
    {
        var record = Read("endpoint-v2.json");

        Assert.Equal((8, 800), RateBook.Counted(record));
        Assert.Equal(12, record.LastGrant);
    }

    [Fact]
    public void Deserialize_VersionBefore_IsReadWithoutRates()
    {
        var record = Read("endpoint-v1.json");

        Assert.Equal(1, record.SchemaVersion);
        Assert.Equal((3, 4), (record.Slices["127.0.0.1:11111@1/0"].Granted, record.Slices["127.0.0.1:11111@1/0"].Wanted));
        Assert.Equal((0, 0), RateBook.Counted(record));
        Assert.Equal(Usage, record.PastUsage);
    }

    private static string Golden(string name) => RepositoryFiles.Read($"tests/Cascade.Tests/Grains/Golden/{name}").TrimEnd('\n');

    private EndpointRecord Read(string name) => _serializer.Deserialize<EndpointRecord>(BinaryData.FromString(Golden(name)));
}
