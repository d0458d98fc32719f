using Cascade.Storage;

using Microsoft.Extensions.Configuration;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class StorageConfigValidatorTests
{
    private const string Path = StorageConfig.SectionName;

    [Fact]
    public void Check_Defaults_HasNoProblem() => Assert.Empty(StorageConfigValidator.Check(Path, new StorageConfig()));

    [Fact]
    public void Check_RedisWithConnection_HasNoProblem() => Assert.Empty(
        StorageConfigValidator.Check(Path, new StorageConfig { Mode = StorageMode.Redis, RedisConnection = "redis:6379,password=x" }));

    [Fact]
    public void Check_ManyProblems_ReportsEachWithItsKey()
    {
        var config = new StorageConfig
        {
            Mode = StorageMode.Redis,
            ServiceId = "a{b}",
            ClusterId = "",
            JournalRetention = TimeSpan.Zero,
            JournalQueueLimit = 0,
            JournalBatchLimit = -1,
            JournalBatchDelay = TimeSpan.FromSeconds(2),
            JournalPageSize = 65_537,
            CommandTimeout = TimeSpan.FromMinutes(2),
            EmbeddedPort = 70_000,
            EmbeddedMemoryMebibytes = 1,
            EmbeddedAppendLogMebibytes = 1,
        };

        var problems = StorageConfigValidator.Check(Path, config).ToArray();

        string[] keys =
        [
            "RedisConnection", "ServiceId", "ClusterId", "JournalRetention", "JournalQueueLimit", "JournalBatchLimit", "JournalBatchDelay",
            "JournalPageSize", "CommandTimeout", "EmbeddedPort", "EmbeddedMemoryMebibytes", "EmbeddedAppendLogMebibytes",
        ];
        Assert.Equal(keys.Select(key => $"{Path}:{key}"), problems.Select(problem => problem.Split(' ')[0]));
    }

    [Theory]
    [InlineData(StorageMode.None, "", "Mode is None")]
    [InlineData((StorageMode)9, "", "Mode is 9")]
    [InlineData(StorageMode.Embedded, "host:1", "RedisConnection is set although")]
    [InlineData(StorageMode.Redis, "host:1,nonsense=secret", "RedisConnection cannot be read")]
    public void Check_ModeAndConnectionDisagree_SaysWhichToChange(StorageMode mode, string connection, string expected)
    {
        var problem = Assert.Single(StorageConfigValidator.Check(Path, new StorageConfig { Mode = mode, RedisConnection = connection }));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_EveryKey_ReachesTheConfig()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{Path}:Mode"] = "redis",
            [$"{Path}:RedisConnection"] = "redis:6379",
            [$"{Path}:JournalRetention"] = "40.00:00:00",
            [$"{Path}:JournalQueueLimit"] = "10",
        }).Build();

        var config = configuration.GetSection(Path).Get<StorageConfig>();

        Assert.Equal(
            new StorageConfig
            {
                Mode = StorageMode.Redis,
                RedisConnection = "redis:6379",
                JournalRetention = TimeSpan.FromDays(40),
                JournalQueueLimit = 10,
            },
            config);
    }
}
