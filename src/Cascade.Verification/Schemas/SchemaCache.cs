namespace Cascade.Verification;

/// <summary>Compiled schemas by text, the longest unused one dropped first.</summary>
internal sealed class SchemaCache(VerifierLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Text, CompiledSchema Schema)>> _byText = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Text, CompiledSchema Schema)> _recent = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _byText.Count;
            }
        }
    }

    internal CompiledSchema Get(string text)
    {
        if (text.Length > limits.MaxSchemaChars)
        {
            return SchemaCompiler.Compile(text, limits);
        }

        lock (_lock)
        {
            if (_byText.TryGetValue(text, out var known))
            {
                _recent.Remove(known);
                _recent.AddFirst(known);
                return known.Value.Schema;
            }
        }

        // Outside the lock: two requests may compile the same schema, none waits for another's.
        return Add(text, SchemaCompiler.Compile(text, limits));
    }

    private CompiledSchema Add(string text, CompiledSchema schema)
    {
        lock (_lock)
        {
            if (_byText.TryGetValue(text, out var known))
            {
                return known.Value.Schema;
            }

            _byText[text] = _recent.AddFirst((text, schema));
            if (_byText.Count > limits.SchemaCacheSize)
            {
                _byText.Remove(_recent.Last!.Value.Text);
                _recent.RemoveLast();
            }

            return schema;
        }
    }
}
