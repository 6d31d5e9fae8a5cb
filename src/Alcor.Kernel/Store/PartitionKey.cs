namespace Alcor.Kernel.Store;

/// <summary>
/// Names a partition: the unit of ordering, of storage revision, of distribution and of subscription. Written
/// <c>kind/id</c>; keys are ordered ordinally, and that order is the locking order of a commit.
/// </summary>
public readonly record struct PartitionKey(string Kind, string Id) : IComparable<PartitionKey>
{
    public static PartitionKey Network(string id) => new("network", id);

    public static PartitionKey Host(string id) => new("host", id);

    public static PartitionKey SecurityGroup(string id) => new("security-group", id);

    public static PartitionKey QosPolicy(string id) => new("qos-policy", id);

    public static PartitionKey Trunk(string id) => new("trunk", id);

    public static PartitionKey AddressGroup(string id) => new("address-group", id);

    public static PartitionKey NetworkAcl(string id) => new("network-acl", id);

    public static PartitionKey Project(string id) => new("project", id);

    public static PartitionKey Router(string id) => new("router", id);

    public static PartitionKey Pool(string name) => new("pool", name);

    /// <summary>Reads <c>kind/id</c>; the id may itself contain slashes.</summary>
    /// <exception cref="FormatException">There is no slash, or nothing on one side of it.</exception>
    public static PartitionKey Parse(string text)
    {
        var slash = text.IndexOf('/');
        return slash > 0 && slash < text.Length - 1
            ? new PartitionKey(text[..slash], text[(slash + 1)..])
            : throw new FormatException($"'{text}' is not a partition: expected kind/id");
    }

    public int CompareTo(PartitionKey other)
    {
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Id, other.Id);
    }

    public static bool operator <(PartitionKey left, PartitionKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PartitionKey left, PartitionKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PartitionKey left, PartitionKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PartitionKey left, PartitionKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Kind}/{Id}";
}

/// <summary>
/// How far a partition has come. Revisions start at 1 with the first commit and have no gaps; 0 is "never written".
/// </summary>
public readonly record struct PartitionRevision(PartitionKey Partition, long Revision);
