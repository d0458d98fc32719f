using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Client;

public sealed class ApiKeysTests
{
    [Fact]
    public void Hash_KnownText_IsItsSha256() => Assert.Equal(
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ApiKeys.Hash("abc"));

    [Fact]
    public void Generate_SameEntropy_GivesTheSameKeyAndOtherEntropyAnother()
    {
        var zeros = ApiKeys.Generate(new byte[ApiKeys.EntropyBytes]);

        Assert.Equal("csk-" + new string('A', 43), zeros);
        Assert.NotEqual(zeros, ApiKeys.Generate([.. Enumerable.Repeat((byte)1, ApiKeys.EntropyBytes)]));
    }

    [Fact]
    public void Generate_TooLittleEntropy_Throws() => Assert.Throws<ArgumentException>(() => ApiKeys.Generate(new byte[16]));

    [Fact]
    public void TryNormalizeHash_UpperCaseDigits_AreTaken()
    {
        var hash = ApiKeys.Hash("abc");

        Assert.True(ApiKeys.TryNormalizeHash("sha256:" + hash["sha256:".Length..].ToUpperInvariant(), out var normalised));
        Assert.Equal(hash, normalised);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("csk-AAAA")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag")]
    public void TryNormalizeHash_NoHash_IsRefused(string? text) => Assert.False(ApiKeys.TryNormalizeHash(text, out _));
}
