using Cascade.Providers.Pricing;

namespace Cascade.Cli.Prices;

/// <summary>Price books on disk.</summary>
internal static class PriceFiles
{
    public static PriceBook Read(IReadOnlyList<string> files)
    {
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new CliException(ExitCodes.NoInput, $"'{missing}' does not exist; give the files of a price book");
        }

        var reading = PriceBookReader.ReadFiles(files);
        return reading.Book ?? throw new CliException(
            ExitCodes.BadData, $"the price book has {reading.Problems.Length} problem(s):\n{string.Join('\n', reading.Problems.Select(problem => $"  {problem}"))}");
    }
}
