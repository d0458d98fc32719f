using System.Globalization;
using Cascade.TestKit.Providers;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>One way to break an answer at every one of its bytes.</summary>
/// <param name="Name">The name of the endpoint and of its model.</param>
/// <param name="Mode">How it is asked for.</param>
/// <param name="Ends">Whether the body ends as if that were all; otherwise the connection is cut.</param>
internal sealed record Sweep(string Name, HostileMode Mode, bool Ends)
{
    public const string Parent = "swept";

    private const string Question = "Break at ";

    public static IReadOnlyList<Sweep> All { get; } = [.. Enum.GetValues<HostileMode>().SelectMany(
        mode => (Sweep[])[new($"swept/{mode}/cut", mode, Ends: false), new($"swept/{mode}/ended", mode, Ends: true)])];

    public string Account => $"{Parent}/{Mode}-{(Ends ? "ended" : "cut")}";

    public static string QuestionAt(int bytes) => Question + bytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a sweep wants of a request; null when it is of none.</summary>
    public static StubFault? FaultOf(StubRequest request) =>
        All.FirstOrDefault(sweep => sweep.Name == request.Model) is { } sweep && request.Messages[^1].Text is { } text && text.StartsWith(Question, StringComparison.Ordinal)
            ? sweep.FaultAt(int.Parse(text.AsSpan(Question.Length), CultureInfo.InvariantCulture))
            : null;

    private StubFault FaultAt(int bytes) => Ends ? new StubFault.EndEarly(bytes) : new StubFault.CutStream(bytes);
}
