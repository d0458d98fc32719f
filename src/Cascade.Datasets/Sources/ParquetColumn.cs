using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Cascade.Datasets.Sources;

/// <summary>A column of a Parquet row group as cells.</summary>
internal static class ParquetColumn
{
    /// <param name="reader">The row group.</param>
    /// <param name="field">The column.</param>
    /// <param name="rows">Rows of the group.</param>
    /// <param name="text">Makes a text that is going to be held.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public static Task<Cell[]> ReadAsync(
        ParquetRowGroupReader reader, DataField field, int rows, Func<ReadOnlyMemory<char>, string> text, CancellationToken cancellationToken)
    {
        if (field.MaxRepetitionLevel > 0)
        {
            return Task.FromResult(Unreadable(rows, "is a list; give one value per row"));
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.String => Texts(reader, field, rows, text, cancellationToken),
            _ when field.ClrType == typeof(ReadOnlyMemory<char>) => Texts(reader, field, rows, text, cancellationToken),
            TypeCode.Boolean => Values<bool>(reader, field, rows, b => new Cell(CellKind.Truth, b ? "true" : "false"), cancellationToken),
            TypeCode.SByte => Numbers<sbyte>(reader, field, rows, cancellationToken),
            TypeCode.Byte => Numbers<byte>(reader, field, rows, cancellationToken),
            TypeCode.Int16 => Numbers<short>(reader, field, rows, cancellationToken),
            TypeCode.UInt16 => Numbers<ushort>(reader, field, rows, cancellationToken),
            TypeCode.Int32 => Numbers<int>(reader, field, rows, cancellationToken),
            TypeCode.UInt32 => Numbers<uint>(reader, field, rows, cancellationToken),
            TypeCode.Int64 => Numbers<long>(reader, field, rows, cancellationToken),
            TypeCode.UInt64 => Numbers<ulong>(reader, field, rows, cancellationToken),
            TypeCode.Single => Numbers<float>(reader, field, rows, cancellationToken),
            TypeCode.Double => Numbers<double>(reader, field, rows, cancellationToken),
            TypeCode.Decimal => Numbers<decimal>(reader, field, rows, cancellationToken),
            _ => Task.FromResult(Unreadable(rows, $"has the type {field.ClrType.Name}; give text, a number or a truth value")),
        };
    }

    private static Cell[] Unreadable(int rows, string message)
    {
        var cells = new Cell[rows];
        Array.Fill(cells, Cell.Unreadable(message));
        return cells;
    }

    /// <summary>Read as slices, so that a value of a dictionary is in memory once, however many rows refer to it.</summary>
    private static Task<Cell[]> Texts(
        ParquetRowGroupReader reader, DataField field, int rows, Func<ReadOnlyMemory<char>, string> text, CancellationToken cancellationToken)
    {
        var known = new Dictionary<ReadOnlyMemory<char>, string>();
        return Values<ReadOnlyMemory<char>>(reader, field, rows, Convert, cancellationToken);

        Cell Convert(ReadOnlyMemory<char> value)
        {
            if (!known.TryGetValue(value, out var kept))
            {
                kept = text(value);
                known.Add(value, kept);
            }

            return Cell.Of(kept);
        }
    }

    private static Task<Cell[]> Numbers<T>(ParquetRowGroupReader reader, DataField field, int rows, CancellationToken cancellationToken)
        where T : struct, IFormattable =>
        Values<T>(reader, field, rows, value => new Cell(CellKind.Number, value.ToString(null, CultureInfo.InvariantCulture)), cancellationToken);

    private static async Task<Cell[]> Values<T>(
        ParquetRowGroupReader reader, DataField field, int rows, Converter<T, Cell> convert, CancellationToken cancellationToken)
        where T : struct
    {
        if (!field.IsNullable && field.MaxDefinitionLevel == 0)
        {
            var values = new T[rows];
            await reader.ReadAsync<T>(field, values.AsMemory(), null, cancellationToken);
            return Array.ConvertAll(values, convert);
        }

        var optional = new T?[rows];
        await reader.ReadAsync<T>(field, optional.AsMemory(), null, cancellationToken);
        return Array.ConvertAll(optional, value => value is { } known ? convert(known) : default);
    }
}
