using System.Collections.Concurrent;
using System.Text;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>An answer that breaks at any of its bytes, through the cluster to the books.</summary>
[Collection(HostileCollection.Name)]
public sealed class EveryByteTests(HostileFixture fixture)
{
    private const int AtOnce = 32;
    private const int Deltas = 5;

    // The number of a request is a part of its answer and has up to four digits.
    private const int LongerBodies = 4;

    public static TheoryData<string> Every => [.. Sweep.All.Select(sweep => sweep.Name)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Answer_BrokenAtEveryByte_IsChargedRightAndNeverInvented(string name)
    {
        var sweep = Sweep.All.Single(each => each.Name == name);
        var length = (await BodyAsync(sweep)).Length;
        var results = new ConcurrentBag<(int Bytes, CascadeReply Reply, string Text)>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, length + LongerBodies),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct },
            async (bytes, _) =>
            {
                var request = CascadeTestCluster.Request(sweep.Account, sweep.Name) with
                {
                    Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = Sweep.QuestionAt(bytes) }],
                };
                var (reply, text) = await fixture.AskAsync(request, sweep.Mode != HostileMode.Buffered, bytes).WaitAsync(HostileFixture.Patience, Ct);
                results.Add((bytes, reply, text));
            });

        var bills = (await fixture.BillsAsync(sweep.Name, sweep.Mode)).ToDictionary(bill => bill.AttemptId, bill => bill.Nanos);

        // A whole answer after which the connection is closed can take the next request with it, unread and not billed.
        Assert.InRange(bills.Count, results.Count - LongerBodies, results.Count);
        Assert.Empty(bills.Keys.Except(results.Select(result => result.Reply.Attempts[0].AttemptId)));
        foreach (var (bytes, reply, text) in results.OrderBy(result => result.Bytes))
        {
            Check(sweep, bytes, reply, text, bills);
        }

        Assert.Contains(results, result => result.Reply.Status == CascadeStatus.Answered);
        Assert.Equal(sweep.Mode == HostileMode.Buffered ? 2 : Deltas + 1, results.Select(result => result.Text).Distinct().Count());
        Assert.True(results.Count(result => result.Reply.Status != CascadeStatus.Answered) > length / 2);
        Charge.CheckBooks([.. results.SelectMany(result => result.Reply.Attempts)], await fixture.BooksAsync(sweep.Account));
        await fixture.IsAtRestAsync(sweep.Name, sweep.Account);
        Assert.Equal(results.Count, (await fixture.EndpointAsync(sweep.Name)).Usage.Calls);
    }

    private static void Check(Sweep sweep, int bytes, CascadeReply reply, string text, Dictionary<string, long> bills)
    {
        var at = $"{sweep.Name} at byte {bytes}";
        var attempt = Assert.Single(reply.Attempts);
        Charge.Check(attempt, bills.GetValueOrDefault(attempt.AttemptId));
        if (reply.Status == CascadeStatus.Answered)
        {
            Assert.True(text == HostileFixture.Answer, $"{at}: answered '{text}'");
            Assert.Equal((AttemptBlame.None, AttemptStage.None, Booking.Settled), (attempt.Blame, attempt.Stage, attempt.Booking));
            return;
        }

        Assert.True(HostileFixture.Answer.StartsWith(text, StringComparison.Ordinal), $"{at}: said '{text}'");
        Assert.Equal(text.Length > 0 ? CascadeStatus.StreamBroken : CascadeStatus.ProviderFailed, reply.Status);
        Assert.Equal(sweep.Ends ? (AttemptBlame.Provider, AttemptStage.Reading) : (AttemptBlame.Network, AttemptStage.Waiting), (attempt.Blame, attempt.Stage));
        Assert.Equal(sweep.Mode == HostileMode.Counted && text.Length > 0 ? Booking.Settled : Booking.Unconfirmed, attempt.Booking);
    }

    // The stub's own bytes, asked for without an attempt id, so that their bill is nobody's.
    private async Task<byte[]> BodyAsync(Sweep sweep)
    {
        using var http = new HttpClient();
        var stream = sweep.Mode == HostileMode.Buffered ? "" : """ "stream":true,"stream_options":{"include_usage":true}, """;
        using var request = new StringContent(
            $$"""{"model":"{{sweep.Name}}",{{stream}}"messages":[{"role":"user","content":"?"}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(fixture.StubOf(sweep.Mode).BaseUrl + "/chat/completions", request, Ct);
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }
}
