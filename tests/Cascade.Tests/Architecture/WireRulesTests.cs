using System.Reflection;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class WireRulesTests
{
    private static readonly Assembly[] Product =
    [
        .. RepositoryTree.Projects
            .Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal) && project.Name != "Cascade.Cli")
            .Select(project => Assembly.Load(project.Name)),
    ];

    [Fact]
    public void Interfaces_OfTheTree_FollowTheRules() => Rule.Holds(WireNames.Interfaces.SelectMany(WireRules.CheckInterface));

    [Fact]
    public void WireTypes_OfTheTree_FollowTheRules() => Rule.Holds(WireNames.Types.SelectMany(WireRules.CheckWireType));

    [Fact]
    public void WireAliases_OfTheTree_AreUnique() => Rule.Holds(WireNames.Interfaces
        .Concat(WireNames.Types)
        .GroupBy(type => WireNames.Alias(type))
        .Where(group => group.Count() > 1)
        .Select(group => $"{group.Key}: the alias of {string.Join(" and ", group.Select(type => type.Name))}"));

    [Fact]
    public void GrainClasses_OfTheTree_FollowTheRules() => Rule.Holds(Product
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsSubclassOf(typeof(Grain)))
        .SelectMany(WireRules.CheckGrainClass));

    [Fact]
    public void Exceptions_OfTheTree_CrossGrainBoundaries() => Rule.Holds(Product
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.IsAssignableTo(typeof(CascadeException)))
        .SelectMany(WireRules.CheckException));

    [Fact]
    public void CheckInterface_EverythingWrong_FiresForEach()
    {
        var problems = WireRules.CheckInterface(typeof(IPlantedBadGrain)).ToList();

        Assert.Contains(problems, problem => problem.Contains("interface without [Alias]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("without [GrainInterfaceType]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("AskAsync: a grain method without [Alias]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("TellAsync: a CancellationToken", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("FindAsync: takes or returns a grain reference", StringComparison.Ordinal));
    }

    [Fact]
    public void CheckInterface_NothingWrong_IsSilent() => Assert.Empty(WireRules.CheckInterface(typeof(IPlantedGrain)));

    [Fact]
    public void CheckWireType_EverythingWrong_FiresForEach()
    {
        var problems = WireRules.CheckWireType(typeof(PlantedBadMessage)).ToList();

        Assert.Contains(problems, problem => problem.Contains("without [Alias]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Third: a wire member without [Id]", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("the id 0 is used by First and Second", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Fourth: List<Int32> is mutable", StringComparison.Ordinal));
        Assert.Equal(4, problems.Count);
    }

    [Fact]
    public void CheckGrainClass_NeitherNamedNorSealed_FiresForBoth() =>
        Assert.Equal(2, WireRules.CheckGrainClass(typeof(PlantedBadGrain)).Count());

    [Fact]
    public void CheckException_NotSerializable_Fires() => Assert.Single(WireRules.CheckException(typeof(PlantedBadException)));
}
