using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Configuration;

/// <summary>Which budgets pay for a call.</summary>
public sealed class AccountLookupTests
{
    private static readonly ClusterModel Model = new TestModel()
        .Account("acme", 1)
        .Account("acme/*", 2, null, ("m", 20))
        .Account("acme/*/*", 3)
        .Account("acme/search", 4)
        .Account("acme/search/*", 5)
        .Account("acme/search/*/*", 6)
        .Account("solo/deep/leaf", 7)
        .Build();

    [Theory]
    [InlineData("acme", "acme:1")]
    [InlineData("acme/search", "acme/search:4 acme:1")]
    [InlineData("acme/other", "acme/other#m:20 acme/other:2 acme:1")]
    [InlineData("acme/search/key-7", "acme/search/key-7:5 acme/search:4 acme:1")]
    [InlineData("acme/other/key-7", "acme/other/key-7:3 acme/other#m:20 acme/other:2 acme:1")]
    [InlineData("acme/search/key-7/run", "acme/search/key-7/run:6 acme/search/key-7:5 acme/search:4 acme:1")]
    [InlineData("acme/other/key-7/run", "")]
    [InlineData("acmes/search", "")]
    [InlineData("acmes", "")]
    [InlineData("solo/deep/leaf", "solo/deep/leaf:7")]
    [InlineData("solo/deep", "")]
    public void BudgetsOf_Account_AreThoseOfItsPathFromLeafToRoot(string account, string budgets) =>
        Assert.Equal(budgets, string.Join(' ', Model.BudgetsOf(new AccountId(account), new EndpointId("m")).Select(b => $"{b.Key}:{b.Caps[0].Limit.Nanos}")));

    [Theory]
    [InlineData("acme", 1L)]
    [InlineData("acme/x", 2L)]
    [InlineData("acme/x#m", 20L)]
    [InlineData("acme#m", null)]
    [InlineData("nobody", null)]
    public void FindBudget_Key_IsTheBudgetOfThatNameOnly(string key, long? cap)
    {
        Assert.True(BudgetKey.TryParse(key, out var budget, out _));

        Assert.Equal(cap, Model.FindBudget(budget)?.Caps[0].Limit.Nanos);
        Assert.Equal(key, budget.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("#m")]
    [InlineData("acme#")]
    [InlineData("acme#a b")]
    [InlineData("ac me")]
    public void TryParse_NoKey_SaysWhatToRepair(string key)
    {
        Assert.False(BudgetKey.TryParse(key, out _, out var problem));
        Assert.NotEmpty(problem);
    }
}
