using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Cascade.Tests.Plans;

/// <summary>Fills any data type of a plan with values drawn from a seed, and compares two of them member by member.</summary>
internal sealed class PlanFiller(int seed)
{
    private const int DeepestKinds = 6;

    private static readonly double[] Doubles =
        [0, -0.0, 1, 0.1, -1.5, 1e-300, 1e50, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    private static readonly string[] Texts = ["", "a", "two words", "\"quoted\" \\ / \n\t", "é ∞ 模型 😀", "$kind", "</script>"];

    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>Everything that was drawn, by a name of its own.</summary>
    public HashSet<string> Drawn { get; } = [];

    public T Fill<T>() => (T)Fill(typeof(T), 0)!;

    /// <summary>The kinds that a base type may be.</summary>
    public static ImmutableArray<Type> KindsOf(Type type) => [.. type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => kind.DerivedType)];

    /// <summary>Where two values differ; null when nowhere.</summary>
    public static string? Difference(object? a, object? b, string path)
    {
        if (a is null || b is null || a.GetType() != b.GetType())
        {
            return ReferenceEquals(a, b) ? null : $"{path}: {a?.GetType().Name} and {b?.GetType().Name}";
        }

        if (a is string || a.GetType().IsValueType && a is not IEnumerable)
        {
            return a.Equals(b) ? null : $"{path}: {a} and {b}";
        }

        if (a is IEnumerable list)
        {
            object?[] left = [.. list.Cast<object?>()], right = [.. ((IEnumerable)b).Cast<object?>()];
            return left.Length != right.Length
                ? $"{path}: {left.Length} and {right.Length} entries"
                : left.Select((value, i) => Difference(value, right[i], $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
        }

        return Members(a.GetType()).Select(m => Difference(m.GetValue(a), m.GetValue(b), $"{path}.{m.Name}")).FirstOrDefault(difference => difference is not null);
    }

    private static IEnumerable<PropertyInfo> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null);

    private object? Fill(Type type, int depth)
    {
        if (type == typeof(double) || type == typeof(float))
        {
            var value = Doubles[_random.Next(Doubles.Length)];
            Drawn.Add(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return type == typeof(float) ? (object)(float)value : value;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(_random.Next(Enum.GetValues(type).Length));
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return _random.Next(3) == 0 ? null : Fill(underlying, depth);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 => _random.Next(-5, 50),
            TypeCode.Int64 => _random.NextInt64(),
            TypeCode.UInt32 => (uint)_random.NextInt64(uint.MaxValue),
            TypeCode.UInt64 => (ulong)_random.NextInt64() * 2,
            TypeCode.Byte => (byte)_random.Next(256),
            TypeCode.Boolean => _random.Next(2) == 0,
            TypeCode.String => Texts[_random.Next(Texts.Length)],
            _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch.AddSeconds(_random.Next()).ToOffset(TimeSpan.FromHours(_random.Next(-5, 6))),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => List(type.GetGenericArguments()[0], depth),
            _ when type.IsAbstract => Kind(type, depth),
            _ => Record(type, depth),
        };
    }

    private object List(Type element, int depth)
    {
        var values = Array.CreateInstance(element, _random.Next(4));
        Drawn.Add(values.Length == 0 ? "empty list" : "list");
        for (var i = 0; i < values.Length; i++)
        {
            // A score model may be missing; of other entries nothing says that they may.
            values.SetValue(element.Name == "ScoreModel" && _random.Next(3) == 0 ? null : Fill(element, depth), i);
        }

        var create = typeof(ImmutableArray).GetMethods().Single(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }]);
        return create.MakeGenericMethod(element).Invoke(null, [values])!;
    }

    private object Kind(Type type, int depth)
    {
        var kinds = KindsOf(type);
        if (depth >= DeepestKinds)
        {
            kinds = [.. kinds.Where(kind => !Members(kind).Any(m => m.PropertyType.IsAbstract))];
        }

        var chosen = kinds[_random.Next(kinds.Length)];
        Drawn.Add(chosen.Name);
        return Record(chosen, depth + 1);
    }

    private object Record(Type type, int depth)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First(c => c.GetParameters() is not [{ } only] || only.ParameterType != type);
        var record = constructor.Invoke([.. constructor.GetParameters().Select(p => Fill(p.ParameterType, depth + 1))]);
        foreach (var member in Members(type).Where(m => constructor.GetParameters().All(p => p.Name != m.Name)))
        {
            var mayBeNull = _nullability.Create(member).WriteState == NullabilityState.Nullable;
            var isNull = mayBeNull && _random.Next(3) == 0;
            Drawn.Add(isNull ? "null" : "value");
            member.SetValue(record, isNull ? null : Fill(member.PropertyType, depth + 1));
        }

        return record;
    }
}
