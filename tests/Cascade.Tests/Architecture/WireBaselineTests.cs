using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class WireBaselineTests
{
    private static readonly string BaselinePath = Path.Combine(RepositoryTree.Root, "src", "Cascade.Contracts", "WireContracts.txt");

    private static readonly string[] Header =
    [
        "# What Cascade.Contracts puts on the wire and into storage. Append only: a line that goes is marked *RETIRED* and stays,",
        "# and its id, value or alias is never used again. Written by: CASCADE_UPDATE_BASELINES=1 ./test.sh --fast",
    ];

    [Fact]
    public void Contracts_OfTheTree_AreAsAgreed()
    {
        var agreed = File.Exists(BaselinePath) ? File.ReadAllLines(BaselinePath) : [];
        var actual = WireBaseline.Describe(WireNames.Interfaces, WireNames.Types);
        if (Environment.GetEnvironmentVariable("CASCADE_UPDATE_BASELINES") == "1")
        {
            File.WriteAllText(BaselinePath, string.Join('\n', [.. Header, .. WireBaseline.Update(agreed, actual)]) + "\n");
            agreed = File.ReadAllLines(BaselinePath);
        }

        var differences = WireBaseline.Compare(agreed, actual);

        Assert.True(differences.Count == 0, $"""
            The wire contract is not the agreed one (- agreed, + found, ! forbidden):
            {string.Join(Environment.NewLine, differences)}
            When the change is additive and meant: CASCADE_UPDATE_BASELINES=1 ./test.sh --fast, then review the diff of WireContracts.txt.
            """);
    }

    [Fact]
    public void Contracts_OfTheTree_AreFound()
    {
        Assert.True(WireNames.Interfaces.Count >= 4, $"{WireNames.Interfaces.Count} grain interfaces");
        Assert.True(WireNames.Types.Count >= 20, $"{WireNames.Types.Count} wire types");
    }

    [Fact]
    public void Describe_PlantedContract_HasEveryPart() => Assert.Equal(
        [
            "class planted.message | PlantedMessage",
            "class planted.message | PlantedMessage | 0000 Int32 Count",
            "class planted.message | PlantedMessage | 0003 ImmutableArray<Int64?> Values",
            "enum planted.enum | PlantedEnum",
            "enum planted.enum | PlantedEnum | 0000 None",
            "enum planted.enum | PlantedEnum | 0007 Seven",
            "interface planted | IPlantedGrain | version 2",
            "interface planted | IPlantedGrain | version 2 | method ask | (PlantedMessage, CancellationToken) | Task<PlantedEnum>",
        ],
        WireBaseline.Describe([typeof(IPlantedGrain)], [typeof(PlantedMessage), typeof(PlantedEnum)]));

    [Fact]
    public void Compare_Same_IsEmpty() => Assert.Empty(WireBaseline.Compare(["# a comment", "", "b", "a", "*RETIRED* c"], ["a", "b"]));

    [Fact]
    public void Compare_GoneAndNew_AreBothTold() => Assert.Equal(["- b", "+ c"], WireBaseline.Compare(["a", "b"], ["a", "c"]));

    [Fact]
    public void Compare_RetiredLineReturns_Fires() =>
        Assert.StartsWith("! b", Assert.Single(WireBaseline.Compare(["a", "*RETIRED* b"], ["a", "b"])), StringComparison.Ordinal);

    [Fact]
    public void Compare_IdOfARetiredMemberIsUsedAgain_Fires()
    {
        string[] agreed = ["class x | X", "*RETIRED* class x | X | 0002 Int32 Old", "class x | X | 0002 Int64 New"];

        var difference = Assert.Single(WireBaseline.Compare(agreed, ["class x | X", "class x | X | 0002 Int64 New"]));

        Assert.Contains("takes the place of a retired line", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_GoneLine_StaysAsRetired()
    {
        var updated = WireBaseline.Update(["a", "b", "*RETIRED* d"], ["a", "c"]);

        Assert.Equal(["a", "*RETIRED* b", "c", "*RETIRED* d"], updated);
        Assert.Empty(WireBaseline.Compare(updated, ["a", "c"]));
    }
}
