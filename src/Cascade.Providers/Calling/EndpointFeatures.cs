namespace Cascade.Providers.Calling;

/// <summary>What a request can ask for that not every protocol has a field for.</summary>
[Flags]
public enum EndpointFeatures
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>To say how sure the model was of each token.</summary>
    LogProbabilities = 1,

    /// <summary>To hold an answer to its schema (<c>strict</c>).</summary>
    StrictFormat = 2,

    /// <summary>All of it.</summary>
    All = LogProbabilities | StrictFormat,
}
