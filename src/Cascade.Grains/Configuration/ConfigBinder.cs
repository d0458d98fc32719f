using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Cascade.Grains.Configuration;

/// <summary>
/// Reads a configuration section into plain classes and reports every key that is unknown and every value that does not fit. The stock binder
/// stops at the first bad value and cannot suggest a name.
/// </summary>
internal sealed class ConfigBinder
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public T Bind<T>(IConfigurationSection section)
        where T : class, new() => (T)BindObject(section, typeof(T));

    /// <summary>The settings of a class: what can be written under its key.</summary>
    public static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p is { CanRead: true, CanWrite: true });

    private object? BindValue(IConfigurationSection section, Type type)
    {
        if (ConfigScalars.IsScalar(type))
        {
            return BindScalar(section, type);
        }

        return ListElement(type) is { } element ? BindList(section, element)
            : DictionaryValue(type) is { } value ? BindDictionary(section, type, value)
            : BindObject(section, type);
    }

    private object? BindScalar(IConfigurationSection section, Type type)
    {
        if (section.GetChildren().Any())
        {
            _problems.Add($"{section.Path} is a section; it must be one value");
            return null;
        }

        if (section.Value is null)
        {
            return null;
        }

        var value = ConfigScalars.Read(type, section.Value, out var problem);
        if (value is null)
        {
            _problems.Add($"{section.Path} {problem}");
        }

        return value;
    }

    private IList BindList(IConfigurationSection section, Type element)
    {
        RefuseScalar(section, "a list");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        var children = section.GetChildren().ToArray();
        foreach (var child in children.Where(child => !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            _problems.Add($"{child.Path} is no entry of a list; number the entries from 0");
        }

        foreach (var child in children.Where(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            if (BindValue(child, element) is { } item)
            {
                list.Add(item);
            }
        }

        return list;
    }

    private IDictionary BindDictionary(IConfigurationSection section, Type type, Type value)
    {
        RefuseScalar(section, "a section of named entries");
        var dictionary = (IDictionary)Activator.CreateInstance(type)!;
        foreach (var child in section.GetChildren())
        {
            dictionary[child.Key] = BindValue(child, value);
        }

        return dictionary;
    }

    private object BindObject(IConfigurationSection section, Type type)
    {
        RefuseScalar(section, "a section");
        var result = Activator.CreateInstance(type)!;
        var settings = Settings(type).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!settings.TryGetValue(child.Key, out var setting))
            {
                _problems.Add($"{child.Path} is no known key{NameSuggestion.For(child.Key, settings.Keys)}{Hint(section)}");
            }
            else if (BindValue(child, setting.PropertyType) is { } value)
            {
                setting.SetValue(result, value);
            }
        }

        return result;
    }

    private static string Hint(IConfigurationSection section) =>
        section.Path.StartsWith($"{CascadeConfig.SectionName}:{nameof(CascadeConfig.Endpoints)}:", StringComparison.OrdinalIgnoreCase)
        || section.Path.StartsWith($"{CascadeConfig.SectionName}:{nameof(CascadeConfig.Routes)}:", StringComparison.OrdinalIgnoreCase)
            ? "; remove it (names of endpoints and routes cannot hold ':')"
            : "; remove it";

    // An empty object, an empty list and null all arrive as an empty value.
    private void RefuseScalar(IConfigurationSection section, string wanted)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _problems.Add($"{section.Path} is one value; it must be {wanted}");
        }
    }

    internal static Type? ListElement(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(List<>) || type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            ? type.GetGenericArguments()[0]
            : null;

    internal static Type? DictionaryValue(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? type.GetGenericArguments()[1] : null;
}
