namespace Alcor.OpenFlow;

/// <summary>How the text of a field's value looks.</summary>
public enum FieldFormat
{
    Decimal,
    Hexadecimal,
    Mac,
    Ipv4,
    Ipv6,
}

/// <summary>
/// A field of a packet, of its metadata or of a register (OpenFlow 1.4.1 section 7.2.3.7; Nicira extended match). All
/// fields are at most 128 bits wide. The instances below are the only ones, so reference equality is identity;
/// <see cref="Ordinal"/> numbers them so that each comes after its prerequisites.
/// </summary>
public sealed partial class Field
{
    private Field(string name, int width, Headers headers, FieldFormat format, string subfieldName)
    {
        Name = name;
        Width = width;
        Format = format;
        SubfieldName = subfieldName;
        Ordinal = Registry.Count;
        MatchType = headers.Match;
        ActionType = headers.Action;
        Registry.Add(this);
        ByHeader.Add(MatchType, this);
        if (ActionType != MatchType) ByHeader.Add(ActionType, this);
    }

    /// <summary>The name that Open vSwitch gives the field in <c>set_field</c>.</summary>
    public string Name { get; }

    /// <summary>In bits.</summary>
    public int Width { get; }

    public FieldFormat Format { get; }

    public int Ordinal { get; }

    /// <summary>The name in <c>load</c> and <c>move</c>, for instance NXM_NX_REG0.</summary>
    public string SubfieldName { get; }

    /// <summary>Bytes that a value takes on the wire.</summary>
    public int Length => (Width + 7) / 8;

    /// <summary>All bits of the field.</summary>
    public UInt128 Ones => Width == 128 ? UInt128.MaxValue : (UInt128.One << Width) - 1;

    /// <summary>Whether Open vSwitch takes a mask that is not all ones for the field in a match.</summary>
    public bool IsMaskable { get; private init; } = true;

    /// <summary>Whether the field may stand in a match; the 16-bit in_port exists for actions only.</summary>
    public bool IsMatchable { get; private init; } = true;

    /// <summary>Whether actions may write the field; of a connection's fields, only inside its commit.</summary>
    public bool IsWritable { get; private init; } = true;

    /// <summary>The fields that this one is only another view of, the most significant first; usually none.</summary>
    public ValueList<Field> Parts { get; private init; }

    /// <summary>Whose field it is in a match, when its class there is that of experimenters; else 0.</summary>
    internal uint MatchExperimenter { get; private init; }

    internal uint MatchType { get; }

    internal uint ActionType { get; }

    /// <summary>Every field, by ordinal.</summary>
    public static IReadOnlyList<Field> All => Registry;

    /// <summary>The whole field as a source or target of move and load.</summary>
    public Subfield Whole => new(this, 0, Width);

    /// <summary>Some bits of the field, counted from the least significant.</summary>
    public Subfield Bits(int offset, int width) => new(this, offset, width);

    /// <summary>
    /// The header types, class and number, in matches (OXM where there is one) and in move and load (NXM where there is
    /// one), as Open vSwitch writes them; the low nine bits, mask flag and length, follow from use.
    /// </summary>
    private readonly record struct Headers(uint Match, uint Action);

    internal static Field? Find(uint headerType) => ByHeader.GetValueOrDefault(headerType);

    public override string ToString() => Name;
}

/// <summary>Bits <see cref="Offset"/> to <see cref="Offset"/> + <see cref="Width"/> - 1 of a field.</summary>
public readonly record struct Subfield
{
    /// <exception cref="ArgumentOutOfRangeException">The bits are not all inside the field.</exception>
    public Subfield(Field field, int offset, int width)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, field.Width - offset);
        Field = field;
        Offset = offset;
        Width = width;
    }

    public Field Field { get; }

    public int Offset { get; }

    public int Width { get; }

    public UInt128 Ones => Width == 128 ? UInt128.MaxValue : (UInt128.One << Width) - 1;

    public static implicit operator Subfield(Field field) =>
        field?.Whole ?? throw new ArgumentNullException(nameof(field));

    public override string ToString() => Width == Field.Width
        ? $"{Field.SubfieldName}[]"
        : Width == 1 ? $"{Field.SubfieldName}[{Offset}]" : $"{Field.SubfieldName}[{Offset}..{Offset + Width - 1}]";
}
