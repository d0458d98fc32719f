using System.Globalization;
using System.Net;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Gateway;

public sealed class ConcurrencyTests
{
    private const int Fitting = 20;
    private const int Asked = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoHundredAtOnce_WithMoneyForTwenty_ServeTwentyAndRefuseTheRestByType()
    {
        var account = new ServerAccount("acme", Fitting * StubProvider.CostNanos) { Window = "day" };
        await using var stub = await StubProvider.StartAsync(latency: TimeSpan.FromMilliseconds(50));
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup { Endpoints = [stub.Endpoint()], Accounts = [account] }, Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, Asked).Select(_ => server.AskAsync(account, Token)));

        var refused = answers.Where(a => !a.IsServed).ToList();
        Assert.True(answers.Length - refused.Count >= Fitting - 1, $"{answers.Length - refused.Count} served\n{server.Transcript()}");
        Assert.NotEmpty(refused);
        Assert.All(refused, CheckRefusal);
        Assert.InRange(stub.BilledNanos(), 0.95 * account.CapNanos, account.CapNanos);
        var budget = await server.BudgetAsync(account, Token);
        Assert.Equal(stub.BilledNanos(), budget.SettledNanos);
        Assert.Equal(0, budget.UnconfirmedUpperNanos);
        Assert.True(budget.HeldNanos <= account.CapNanos);
    }

    private static void CheckRefusal(Answer answer)
    {
        Assert.Equal(HttpStatusCode.PaymentRequired, answer.Status);
        var error = answer.Error;
        Assert.Equal("insufficient_quota", error.GetProperty("code").GetString());
        Assert.Equal("insufficient_quota", error.GetProperty("type").GetString());
        Assert.NotEqual("", error.GetProperty("message").GetString());
        var remaining = error.GetProperty("remaining_usd").GetString()!;
        Assert.Equal(remaining, Assert.Single(answer.Headers.GetValues("x-cascade-budget-remaining-usd")));
        Assert.Equal("0", Assert.Single(answer.Headers.GetValues("x-cascade-attempts")));
        Assert.True(Usd(remaining) < Usd(error.GetProperty("needed_usd").GetString()!));
        Assert.True(error.GetProperty("resets_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    private static decimal Usd(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
