namespace Alcor.Demo;

/// <summary>Rows of text in aligned columns: the first ones to the left, those of numbers to the right.</summary>
internal static class TextTable
{
    /// <param name="leftColumns">How many columns are aligned to the left.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows, int leftColumns)
    {
        var widths = headers
            .Select((header, i) => rows.Select(row => row[i].Length).Append(header.Length).Max()).ToList();
        return rows.Prepend([.. widths.Select(width => new string('-', width))]).Prepend(headers)
            .Select(row => string.Join("  ", row.Select((cell, i) =>
                i < leftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }
}
