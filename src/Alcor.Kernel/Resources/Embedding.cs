namespace Alcor.Kernel.Resources;

/// <summary>
/// Says that resources of another type, which refer to a resource, are shown inside it: the rules of a security group.
/// They are read when it is shown, so that each of them is kept once.
/// </summary>
/// <param name="attribute">The attribute that shows them.</param>
/// <param name="part">The name of their type.</param>
public abstract class Embedding(string attribute, string part)
{
    public string Attribute { get; } = attribute;

    public string Part { get; } = part;

    /// <summary>The resource with what is embedded.</summary>
    /// <param name="referring">All of the type that refer to it, whether they are part of it or not.</param>
    public abstract object Fill(object resource, IEnumerable<Stamped<object>> referring);
}

/// <inheritdoc/>
/// <param name="fill">Chooses the parts among what refers to the resource, and puts them into it.</param>
public sealed class Embedding<T, TPart>(
    string attribute, string part, Func<T, IEnumerable<Stamped<TPart>>, T> fill) : Embedding(attribute, part)
    where T : class
    where TPart : class
{
    public override object Fill(object resource, IEnumerable<Stamped<object>> referring) =>
        fill((T)resource, referring.Select(one => new Stamped<TPart>((TPart)one.Value, one.Revision)));
}
