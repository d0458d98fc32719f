using Xunit;

namespace Cascade.Integration.Tests.Storage;

public sealed class EmbeddedRedisJournalTests(EmbeddedRedisFixture server)
    : RedisUsageJournalTests(server), IClassFixture<EmbeddedRedisFixture>;
