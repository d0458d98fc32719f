using Xunit;

namespace Cascade.Integration.Tests.Storage;

public sealed class RedisServerJournalTests(RedisServerFixture server)
    : RedisUsageJournalTests(server), IClassFixture<RedisServerFixture>;
