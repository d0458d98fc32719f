using System.Reflection;
using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class ProjectRulesTests
{
    [Fact]
    public void References_OfTheTree_FollowTheArrows() => Rule.Holds(
        [.. ProjectRules.CheckReferences(RepositoryTree.Projects), .. ProjectRules.CheckKnown(RepositoryTree.Projects)]);

    [Theory]
    [InlineData("Cascade.Planning", "<ProjectReference Include=\"../Cascade.Budgets/Cascade.Budgets.csproj\" />")]
    [InlineData("Cascade.Budgets", "<PackageReference Include=\"Newtonsoft.Json\" />")]
    [InlineData("Cascade.Contracts", "<PackageReference Include=\"Microsoft.Orleans.Server\" />")]
    [InlineData("Cascade.Grains", "<ProjectReference Include=\"..\\Cascade.Server\\Cascade.Server.csproj\" />")]
    [InlineData("Cascade.Client", "<ProjectReference Include=\"../Cascade.Grains/Cascade.Grains.csproj\" />")]
    [InlineData("Cascade.Surprise", "")]
    public void CheckReferences_ForbiddenReference_Fires(string project, string item)
    {
        var planted = ProjectFile.Parse($"src/{project}/{project}.csproj", $"<Project><ItemGroup>{item}</ItemGroup></Project>");

        Assert.Contains(project, Assert.Single(ProjectRules.CheckReferences([planted])), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckReferences_PrivateAnalyzer_IsAllowed()
    {
        var planted = ProjectFile.Parse(
            "src/Cascade.Planning/Cascade.Planning.csproj",
            "<Project><ItemGroup><PackageReference Include=\"Some.Analyzers\" PrivateAssets=\"all\" /></ItemGroup></Project>");

        Assert.Empty(ProjectRules.CheckReferences([planted]));
    }

    [Fact]
    public void CheckKnown_ProjectMissing_Fires() => Assert.Contains(
        ProjectRules.CheckKnown([]),
        problem => problem.StartsWith("Cascade.Budgets:", StringComparison.Ordinal));

    [Theory]
    [InlineData("Cascade.Planning")]
    [InlineData("Cascade.Budgets")]
    public void PureAssembly_AsBuilt_UsesTheBaseLibraryOnly(string name) => Rule.Holds(
        ProjectRules.CheckPureAssembly(name, Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)));

    [Fact]
    public void CheckPureAssembly_OrleansInUse_Fires() =>
        Assert.Single(ProjectRules.CheckPureAssembly("Cascade.Planning", ["System.Runtime", "Orleans.Core"]));

    [Fact]
    public void Top_OfTheTree_HoldsOnlyWhatBelongsThere() => Rule.Holds(
        ProjectRules.CheckTop(Directory.EnumerateFileSystemEntries(RepositoryTree.Root).Select(path => Path.GetFileName(path))));

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("Source")]
    public void CheckTop_StrayEntry_Fires(string entry) => Assert.Single(ProjectRules.CheckTop(["src", "README.md", entry]));
}
