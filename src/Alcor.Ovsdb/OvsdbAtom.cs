using System.Globalization;
using System.Text.Json;

namespace Alcor.Ovsdb;

public enum OvsdbAtomKind
{
    Integer,
    Real,
    Boolean,
    String,
    Uuid,
    NamedUuid,
}

/// <summary>
/// An OVSDB atom (RFC 7047 section 5.1). JSON does not tell the real 5 from the integer 5, so a whole real of at most
/// 2^53 <em>is</em> that integer here; <see cref="Real"/> reads both.
/// </summary>
public readonly record struct OvsdbAtom
{
    private const double WholeMax = 1L << 53;

    private readonly long bits;
    private readonly string? text;
    private readonly Guid uuid;

    private OvsdbAtom(OvsdbAtomKind kind, long bits, string? text, Guid uuid)
    {
        Kind = kind;
        this.bits = bits;
        this.text = text;
        this.uuid = uuid;
    }

    public OvsdbAtomKind Kind { get; }

    /// <summary>The integer; <see cref="OvsdbFormatException"/> if it is another kind. So for the next ones.</summary>
    public long Integer => Kind == OvsdbAtomKind.Integer ? bits : throw Unexpected("an integer");

    public double Real => Kind switch
    {
        OvsdbAtomKind.Integer => bits,
        OvsdbAtomKind.Real => BitConverter.Int64BitsToDouble(bits),
        _ => throw Unexpected("a number"),
    };

    public bool Boolean => Kind == OvsdbAtomKind.Boolean ? bits != 0 : throw Unexpected("a boolean");

    public string String => Kind == OvsdbAtomKind.String ? text! : throw Unexpected("a string");

    public Guid Uuid => Kind == OvsdbAtomKind.Uuid ? uuid : throw Unexpected("a uuid");

    /// <summary>The name given to a row that the same transaction inserts.</summary>
    public string UuidName => Kind == OvsdbAtomKind.NamedUuid ? text! : throw Unexpected("a named uuid");

    public static OvsdbAtom OfInteger(long value) => new(OvsdbAtomKind.Integer, value, null, default);

    public static OvsdbAtom OfReal(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "A real is finite.");
        return double.IsInteger(value) && Math.Abs(value) <= WholeMax
            ? OfInteger((long)value)
            : new(OvsdbAtomKind.Real, BitConverter.DoubleToInt64Bits(value), null, default);
    }

    public static OvsdbAtom OfBoolean(bool value) => new(OvsdbAtomKind.Boolean, value ? 1 : 0, null, default);

    public static OvsdbAtom OfString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(OvsdbAtomKind.String, 0, value, default);
    }

    public static OvsdbAtom OfUuid(Guid value) => new(OvsdbAtomKind.Uuid, 0, null, value);

    public static OvsdbAtom OfNamedUuid(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(OvsdbAtomKind.NamedUuid, 0, name, default);
    }

    public static implicit operator OvsdbAtom(long value) => OfInteger(value);

    public static implicit operator OvsdbAtom(bool value) => OfBoolean(value);

    public static implicit operator OvsdbAtom(string value) => OfString(value);

    public static implicit operator OvsdbAtom(Guid value) => OfUuid(value);

    public override string ToString() => Kind switch
    {
        OvsdbAtomKind.Boolean => bits != 0 ? "true" : "false",
        OvsdbAtomKind.String or OvsdbAtomKind.NamedUuid => text!,
        OvsdbAtomKind.Uuid => uuid.ToString("D"),
        _ => Real.ToString(CultureInfo.InvariantCulture),
    };

    internal static int Compare(OvsdbAtom left, OvsdbAtom right)
    {
        if (left.Kind != right.Kind) return left.Kind.CompareTo(right.Kind);
        return left.Kind switch
        {
            OvsdbAtomKind.Real => left.Real.CompareTo(right.Real),
            OvsdbAtomKind.String or OvsdbAtomKind.NamedUuid => string.CompareOrdinal(left.text, right.text),
            OvsdbAtomKind.Uuid => left.uuid.CompareTo(right.uuid),
            _ => left.bits.CompareTo(right.bits),
        };
    }

    internal static OvsdbAtom Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => OfString(OvsdbJson.Text(element)),
        JsonValueKind.True => OfBoolean(true),
        JsonValueKind.False => OfBoolean(false),
        JsonValueKind.Number => ReadNumber(element),
        JsonValueKind.Array => ReadUuid(element),
        _ => throw new OvsdbFormatException($"An atom was expected where {element.ValueKind} stands."),
    };

    internal void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case OvsdbAtomKind.Integer: writer.WriteNumberValue(bits); break;
            case OvsdbAtomKind.Real: writer.WriteNumberValue(Real); break;
            case OvsdbAtomKind.Boolean: writer.WriteBooleanValue(bits != 0); break;
            case OvsdbAtomKind.String: writer.WriteStringValue(text); break;
            default:
                writer.WriteStartArray();
                writer.WriteStringValue(Kind == OvsdbAtomKind.Uuid ? "uuid" : "named-uuid");
                writer.WriteStringValue(Kind == OvsdbAtomKind.Uuid ? uuid.ToString("D") : text);
                writer.WriteEndArray();
                break;
        }
    }

    private static OvsdbAtom ReadNumber(JsonElement element)
    {
        if (element.TryGetInt64(out var integer)) return OfInteger(integer);
        return element.TryGetDouble(out var real) && double.IsFinite(real)
            ? OfReal(real)
            : throw new OvsdbFormatException("A number is out of range.");
    }

    private static OvsdbAtom ReadUuid(JsonElement element)
    {
        if (element.GetArrayLength() != 2)
            throw new OvsdbFormatException("A uuid is an array of two strings.");
        var value = OvsdbJson.Text(element[1]);
        return OvsdbJson.Text(element[0]) switch
        {
            "uuid" => OfUuid(OvsdbJson.Uuid(value)),
            "named-uuid" when value.Length > 0 => OfNamedUuid(value),
            var tag => throw new OvsdbFormatException($"An atom cannot be tagged '{tag}'."),
        };
    }

    private OvsdbFormatException Unexpected(string wanted) => new($"The atom is {Kind} '{this}', not {wanted}.");
}
