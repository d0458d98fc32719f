namespace Cascade.Providers.Synthetic;

/// <summary>The token rule of the synthetic provider: four tokens for three words, which is about what English takes.</summary>
internal static class WordTokens
{
    public static long Count(string text)
    {
        long words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return ((words * 4) + 2) / 3;
    }
}
