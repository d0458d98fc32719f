using CsCheck;

namespace Cascade.Tests.Budgets;

/// <summary>One step of a random history: raw numbers that a script turns into a command that makes sense where it stands.</summary>
internal sealed record LedgerMove(int Kind, int Who, int Clock, int A, int B, int C)
{
    public static readonly Gen<LedgerMove[]> History = Gen
        .Select(Gen.Int[0, 99], Gen.Int[0, 3], Gen.Int[0, 19], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 40])
        .Select(m => new LedgerMove(m.Item1, m.Item2, m.Item3, m.Item4, m.Item5, m.Item6))
        .Array[5, 80];
}
