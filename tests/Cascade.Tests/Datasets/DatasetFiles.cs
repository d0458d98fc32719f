using System.IO.Compression;
using System.Text;
using Cascade.Datasets;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>Files of one test, in a folder that goes with it.</summary>
internal sealed class DatasetFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cascade-datasets-");

    public string Put(string name, string content) => Put(name, Encoding.UTF8.GetBytes(content));

    public string Put(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public static byte[] Zip(byte[] content)
    {
        var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(content);
        }

        return zipped.ToArray();
    }

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Datasets", "Golden", name);

    public static Task<OutcomeData> ReadAsync(OutcomeSource source, ReadOptions? options = null) =>
        OutcomeReader.ReadAsync(source, options, TestContext.Current.CancellationToken);

    /// <summary>Every problem of a source that cannot be read, as text.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(OutcomeSource source, ReadOptions? options = null)
    {
        var exception = await Assert.ThrowsAsync<OutcomeFileException>(() => ReadAsync(source, options));
        return [.. exception.Problems.Select(problem => problem.ToString())];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
