using System.Collections;

namespace Alcor.OpenFlow;

/// <summary>
/// What a match demands of one field: the bits under <see cref="Mask"/> equal those of <see cref="Value"/>. Canonical:
/// the mask is not zero and the value has no bit outside it.
/// </summary>
public readonly record struct FieldMatch
{
    /// <exception cref="ArgumentException">The value or the mask has bits outside the field or each other.</exception>
    public FieldMatch(Field field, UInt128 value, UInt128 mask)
    {
        ArgumentNullException.ThrowIfNull(field);
        if ((mask & ~field.Ones) != 0) throw new ArgumentException($"mask wider than {field.Name}", nameof(mask));
        if ((value & ~mask) != 0) throw new ArgumentException($"value of {field.Name} outside its mask", nameof(value));
        Field = field;
        Value = value;
        Mask = mask;
    }

    public Field Field { get; }

    public UInt128 Value { get; }

    public UInt128 Mask { get; }

    public bool IsExact => Mask == Field.Ones;

    public bool Accepts(UInt128 value) => (value & Mask) == Value;
}

/// <summary>
/// An immutable, canonical match: at most one demand a field, sorted by <see cref="Field.Ordinal"/>, so that two
/// matches that mean the same by the same fields are equal. Prerequisites are the caller's: Open vSwitch refuses
/// tcp_dst without ip_proto. Adding a demand on a field that already has one joins both.
/// </summary>
public sealed partial class Match : IEquatable<Match>, IReadOnlyList<FieldMatch>
{
    public static readonly Match Empty = new([]);

    private readonly FieldMatch[] fields;
    private readonly int hash;

    private Match(FieldMatch[] fields)
    {
        this.fields = fields;
        var code = new HashCode();
        foreach (var field in fields) code.Add(field);
        hash = code.ToHashCode();
    }

    public int Count => fields.Length;

    public FieldMatch this[int index] => fields[index];

    public ReadOnlySpan<FieldMatch> AsSpan() => fields;

    /// <summary>Adds the demand that <paramref name="field"/> is exactly <paramref name="value"/>.</summary>
    public Match With(Field field, UInt128 value)
    {
        ArgumentNullException.ThrowIfNull(field);
        return With(field, value, field.Ones);
    }

    /// <summary>Adds a demand; bits of <paramref name="value"/> outside <paramref name="mask"/> are dropped.</summary>
    /// <exception cref="ArgumentException">The field cannot be matched so, or an earlier demand
    /// contradicts.</exception>
    public Match With(Field field, UInt128 value, UInt128 mask)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!field.IsMatchable) throw new ArgumentException($"{field.Name} cannot be matched", nameof(field));
        if ((value & ~field.Ones) != 0) throw new ArgumentException($"value wider than {field.Name}", nameof(value));
        mask &= field.Ones;
        if (mask == 0) return this;
        if (field.Parts.Count > 0) return WithParts(field.Parts.AsSpan(), value, mask);
        if (mask != field.Ones && !field.IsMaskable)
            throw new ArgumentException($"{field.Name} takes no mask", nameof(mask));
        var at = Array.FindIndex(fields, known => known.Field.Ordinal >= field.Ordinal);
        if (at < 0) at = fields.Length;
        var known = at < fields.Length && fields[at].Field == field;
        if (known)
        {
            var both = fields[at].Mask & mask;
            if ((fields[at].Value & both) != (value & both))
                throw new ArgumentException($"contradicting demands on {field.Name}", nameof(value));
            value |= fields[at].Value;
            mask |= fields[at].Mask;
        }

        var added = new FieldMatch(field, value & mask, mask);
        return new Match([.. fields[..at], added, .. fields[(known ? at + 1 : at)..]]);
    }

    private Match WithParts(ReadOnlySpan<Field> parts, UInt128 value, UInt128 mask)
    {
        var match = this;
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            match = match.With(parts[i], value & parts[i].Ones, mask & parts[i].Ones);
            value >>= parts[i].Width;
            mask >>= parts[i].Width;
        }

        return match;
    }

    public FieldMatch? Find(Field field)
    {
        foreach (var known in fields)
            if (known.Field == field)
                return known;
        return null;
    }

    /// <summary>Whether every packet that this match takes is also taken by <paramref name="other"/>.</summary>
    public bool IsWithin(Match other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var demand in other.fields)
        {
            if (Find(demand.Field) is not { } own) return false;
            if ((own.Mask & demand.Mask) != demand.Mask || !demand.Accepts(own.Value)) return false;
        }

        return true;
    }

    /// <summary>Whether some packet could be taken by both.</summary>
    public bool Overlaps(Match other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var demand in fields)
        {
            if (other.Find(demand.Field) is not { } theirs) continue;
            var both = demand.Mask & theirs.Mask;
            if ((demand.Value & both) != (theirs.Value & both)) return false;
        }

        return true;
    }

    /// <summary>A canonical match from demands in any order, in one pass; a field may come once.</summary>
    /// <exception cref="ArgumentException">A field comes twice.</exception>
    internal static Match Of(List<FieldMatch> demands)
    {
        if (demands.Count == 0) return Empty;
        demands.Sort(static (left, right) => left.Field.Ordinal.CompareTo(right.Field.Ordinal));
        for (var i = 1; i < demands.Count; i++)
            if (demands[i].Field == demands[i - 1].Field)
                throw new ArgumentException($"{demands[i].Field.Name} comes twice", nameof(demands));
        return new Match([.. demands]);
    }

    public bool Equals(Match? other) =>
        other is not null && hash == other.hash && fields.AsSpan().SequenceEqual(other.fields);

    public override bool Equals(object? obj) => Equals(obj as Match);

    public override int GetHashCode() => hash;

    public static bool operator ==(Match? left, Match? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Match? left, Match? right) => !(left == right);

    public IEnumerator<FieldMatch> GetEnumerator() => ((IEnumerable<FieldMatch>)fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => fields.GetEnumerator();

    /// <summary>The text of <c>ovs-ofctl dump-flows --names=no</c>; empty for the match of everything.</summary>
    public override string ToString() => MatchText.Format(this);
}
