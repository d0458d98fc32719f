using CsCheck;

namespace Cascade.Tests.Planning.Fitting;

/// <summary>Small pools with ties, missing scores, models without any, free calls and judging that costs.</summary>
internal static class FitTables
{
    public static readonly Gen<TestModel[]> Pools = Pool(1, 4);

    public static Gen<TestModel[]> Pool(int fewest, int most) =>
        Gen.Int[1, 12].SelectMany(n => Model(n).Array[fewest, most]);

    private static Gen<TestModel> Model(int n) => Gen.Select(
        Gen.Frequency(
            (1, Gen.Const(double.NaN).Array[n]),
            (1, Gen.Const(0.5).Array[n]),
            (3, Gen.Int[0, 3].Select(i => i / 3.0).Array[n]),
            (4, Gen.Frequency((1, Gen.Const(double.NaN)), (1, Gen.Const(0.5)), (8, Gen.Double[0, 1])).Array[n])),
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]).Array[n],
        Gen.Frequency((1, Gen.Const(0.0)), (6, Gen.Double[0, 0.1])).Array[n],
        Gen.Frequency((3, Gen.Const(0.0)), (1, Gen.Double[0, 0.01])).Array[n],
        (s, u, c, j) => new TestModel(s, u, c, j));
}
