using Cascade.Grains.State;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class HolderIdTests
{
    [Fact]
    public void ToString_Parsed_IsTheSameHolder()
    {
        var holder = new HolderId(SiloAddress.FromParsableString("10.1.2.3:11111@431"), Slot: 3);

        Assert.Equal("10.1.2.3:11111@431/3", holder.ToString());
        Assert.Equal(holder, HolderId.Parse(holder.ToString()));
        Assert.True(HolderId.TryParse(holder.ToString(), out var parsed));
        Assert.Equal(holder, parsed);
    }

    [Fact]
    public void Equals_AnotherSlotOrIncarnation_IsAnotherHolder()
    {
        var holder = HolderId.Parse("10.1.2.3:11111@431/0");

        Assert.NotEqual(holder, HolderId.Parse("10.1.2.3:11111@431/1"));
        Assert.NotEqual(holder, HolderId.Parse("10.1.2.3:11111@432/0"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("x")]
    [InlineData("x/0")]
    [InlineData("a@b/0")]
    [InlineData("@/0")]
    [InlineData("10.1.2.3:11111@431")]
    [InlineData("10.1.2.3:11111@431/")]
    [InlineData("10.1.2.3:11111@431/x")]
    [InlineData("10.1.2.3:11111@431/99999999999")]
    [InlineData("10.1.2.3@431/0")]
    [InlineData("10.1.2.3:99999@431/0")]
    [InlineData("10.1.2.3:11111@99999999999/0")]
    [InlineData("S10.1.2.3:11111:431/0")]
    [InlineData("::::/0")]
    public void TryParse_NoHolder_IsFalse(string? text)
    {
        Assert.False(HolderId.TryParse(text, out var holder));
        Assert.Equal(default, holder);
    }
}
