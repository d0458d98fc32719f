using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Cascade.Integration.Tests.Chart;

/// <summary>Reads what deploy/compose.yaml gives each server.</summary>
internal static class ComposeFile
{
    private const string AnyHash = "sha256:a1027b43fce4d2bc31f351b6b9b66b2452498a2701672e60f3b7331fab97c579";

    private static readonly string Folder = Path.GetFullPath(Path.Combine(Helm.Chart, "..", "..", "deploy"));

    public static IReadOnlyList<DeployedServer> Servers()
    {
        using var text = File.OpenText(Path.Combine(Folder, "compose.yaml"));
        var parser = new MergingParser(new Parser(text));
        parser.Consume<StreamStart>();
        var file = new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<Document>(parser);
        return [.. file.Services.Where(service => service.Value.Build is not null).Select(service => ServerOf(service.Key, service.Value))];
    }

    private static DeployedServer ServerOf(string name, Service service) =>
        new(
            name,
            service.Command,
            service.Environment.ToDictionary(item => item.Key, item => item.Value.StartsWith("${CASCADE_KEY_HASH:?", StringComparison.Ordinal) ? AnyHash : item.Value),
            service.Volumes.Select(volume => volume.Split(':')).SelectMany(parts => Mounted(parts[0], parts[1])).ToDictionary(StringComparer.Ordinal));

    private static IEnumerable<KeyValuePair<string, string>> Mounted(string source, string target)
    {
        Assert.StartsWith("./", source, StringComparison.Ordinal);
        var here = Path.Combine(Folder, source);
        return Directory.Exists(here)
            ? Directory.GetFiles(here, "*.json").Select(file => KeyValuePair.Create($"{target}/{Path.GetFileName(file)}", File.ReadAllText(file)))
            : [KeyValuePair.Create(target, File.ReadAllText(here))];
    }

    private sealed class Document
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        [YamlMember(Alias = "build")]
        public object? Build { get; set; }

        [YamlMember(Alias = "command")]
        public List<string> Command { get; set; } = [];

        [YamlMember(Alias = "environment")]
        public Dictionary<string, string> Environment { get; set; } = [];

        [YamlMember(Alias = "volumes")]
        public List<string> Volumes { get; set; } = [];
    }
}
