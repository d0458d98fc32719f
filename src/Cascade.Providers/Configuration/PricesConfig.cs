namespace Cascade.Providers;

/// <summary>Where the price book is, as a person writes it, under <c>Cascade:Prices</c>.</summary>
public sealed class PricesConfig
{
    /// <summary>The files of the price book, YAML or JSON; together they are one book.</summary>
    /// <value>Paths; none when every endpoint has its own prices.</value>
    public List<string> Files { get; set; } = [];

    /// <summary>The least time between two looks at the files.</summary>
    /// <value>1 second to 1 day. Default 10 seconds.</value>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);
}
