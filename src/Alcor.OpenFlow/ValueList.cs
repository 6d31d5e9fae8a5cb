using System.Collections;
using System.Runtime.CompilerServices;

namespace Alcor.OpenFlow;

/// <summary>An immutable list that is equal to another when their elements are, in order.</summary>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public readonly struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[]? elements;

    internal ValueList(T[] elements) => this.elements = elements;

    private T[] Elements => elements ?? [];

    public int Count => Elements.Length;

    public T this[int index] => Elements[index];

    public ReadOnlySpan<T> AsSpan() => Elements;

    public bool Equals(ValueList<T> other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var element in Elements) hash.Add(element);
        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Elements.GetEnumerator();

    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);

    public override string ToString() => string.Join(",", Elements);
}

/// <summary>Makes value lists, also from collection expressions.</summary>
public static class ValueList
{
    public static ValueList<T> Create<T>(ReadOnlySpan<T> elements) => new(elements.ToArray());

    public static ValueList<T> ToValueList<T>(this IEnumerable<T> elements) => new([.. elements]);
}
