using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>Compares the books of an account with the bills of the provider.</summary>
internal static class Books
{
    /// <summary>Checks that they agree, as far as anybody can know while some calls are unconfirmed, and that the cap holds on both sides.</summary>
    /// <param name="budget">The books.</param>
    /// <param name="account">The account; nobody else spends at the provider.</param>
    /// <param name="stub">The provider.</param>
    /// <param name="answers">Every answer that anybody got.</param>
    /// <param name="held">Attempts that were never answered.</param>
    public static void Check(
        BudgetView budget, ServerAccount account, OpenAiStubServer stub, IEnumerable<Answer> answers, IReadOnlyCollection<string> held)
    {
        var billed = stub.BilledNanos();
        Assert.True(billed <= account.CapNanos, $"{billed} billed");
        Assert.True(budget.HeldNanos <= account.CapNanos, $"{budget.HeldNanos} held");
        Assert.InRange(billed, budget.SettledNanos + budget.UnconfirmedLowerNanos, budget.SettledNanos + budget.UnconfirmedUpperNanos);

        // Whoever got an answer has paid for it; a call that was held has not, because nobody knows what it costs.
        var paid = answers.Sum(answer => answer.CostNanos);
        Assert.InRange(budget.SettledNanos, paid, stub.Bills.Where(bill => !held.Contains(bill.AttemptId)).Sum(bill => bill.Nanos));
    }
}
